"""Finds and reads files in the folder of an artifact that ML Metadata knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_stored_json(folder: Path, name: str) -> dict[str, Any]:
    """Returns the content of a file.

    Raises:
        ValueError: The file is gone.
    """
    content: dict[str, Any] = json.loads(stored_file(folder, name).read_text("utf-8"))
    return content


def stored_file(folder: Path, name: str) -> Path:
    """Returns the path of a file.

    Raises:
        ValueError: The file is gone.
    """
    path = folder / name
    if not path.is_file():
        raise ValueError(
            f"{path} is in ML Metadata, but the file is gone; run the pipeline again"
            " with --set run.cache=false"
        )
    return path
