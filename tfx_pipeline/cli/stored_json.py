"""Reads a JSON file in the folder of an artifact that ML Metadata knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_stored_json(folder: Path, name: str) -> dict[str, Any]:
    """Returns the content of a file.

    Raises:
        ValueError: The file is gone.
    """
    path = folder / name
    try:
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as err:
        raise ValueError(
            f"{path} is in ML Metadata, but the file is gone; run the pipeline again"
            " with --set run.cache=false"
        ) from err
    return content
