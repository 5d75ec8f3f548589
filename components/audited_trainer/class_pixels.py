"""How many pixels each class has, from the auditor's findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def class_pixels(report: Mapping[str, Any], split: str) -> list[int]:
    """Returns the labelled pixels of each class in a split, by class id.

    Args:
        report: Content of `audit.json`.
        split: Name of the split.

    Raises:
        ValueError: The audit knows no such split.
    """
    splits = report["splits"]
    if split not in splits:
        raise ValueError(
            f"the audit must count the split {split!r}, it knows"
            f" {', '.join(sorted(splits)) or 'none'}; audit the examples that are"
            " trained on"
        )
    pixels = splits[split]["class_pixels"]
    by_id = sorted(report["classes"], key=lambda entry: int(entry["id"]))
    return [int(pixels[entry["name"]]) for entry in by_id]
