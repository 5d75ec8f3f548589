"""One VIA annotation file: the regions of every picture."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

# VIA's 1.x and 2.x project files hold settings and attributes beside the pictures.
_PROJECT_KEY = "_via_img_metadata"
Region = Mapping[str, Any]


def read_entries(content: Any, where: str) -> dict[str, list[list[Region]]]:
    """Returns the regions of each entry by file name; one name may have two entries.

    Reads plain and project files, regions as a mapping (VIA 1.x) or a list (2.x).

    Args:
        content: JSON of the file.
        where: Path of the file, for messages.

    Raises:
        ValueError: It is no VIA file.

    Example:
        >>> read_entries({"1.jpg7": {"filename": "1.jpg", "regions": {}}}, "a.json")
        {'1.jpg': [[]]}
    """
    project = content.get(_PROJECT_KEY, content) if isinstance(content, dict) else None
    values = list(project.values()) if isinstance(project, dict) else project
    if not isinstance(values, list) or not all(_is_entry(value) for value in values):
        raise ValueError(
            f"{where} must be a VIA annotation file, an object of entries with filename"
            " and regions; export it with Annotation > Export Annotations (as json)"
        )
    entries: dict[str, list[list[Region]]] = defaultdict(list)
    for value in values:
        name = unicodedata.normalize("NFC", value["filename"])
        entries[name].append(_regions(value.get("regions"), f"{where}: {name}"))
    return dict(entries)


def _is_entry(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("filename"), str)


def _regions(regions: Any, where: str) -> list[Region]:
    listed = list(regions.values()) if isinstance(regions, dict) else regions or []
    if not isinstance(listed, list) or not all(isinstance(r, dict) for r in listed):
        raise ValueError(
            f"{where}: regions must be an object (VIA 1.x) or a list (VIA 2.x) of"
            f" objects, got {type(regions).__name__}; export the file again"
        )
    return listed
