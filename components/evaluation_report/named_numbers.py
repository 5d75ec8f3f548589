"""Numbers of a nested document by one dotted name each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def named_numbers(document: Mapping[str, Any]) -> dict[str, float]:
    """Returns every number below a document; texts, lists and yes/no are left out.

    Example:
        >>> named_numbers({"load_s": 1.5, "rest": {"p50_ms": 7}, "reasons": ["no"]})
        {'load_s': 1.5, 'rest.p50_ms': 7}
    """
    return dict(_walk(document, ""))


def _walk(document: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, float]]:
    for key, value in document.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _walk(value, f"{name}.")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield name, value
