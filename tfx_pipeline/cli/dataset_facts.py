"""What `carseg data build` says of a dataset's classes, objects and lists of files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_LABEL_WIDTH = 12


def side_pairs(taxonomy: Mapping[str, Any]) -> list[list[str]]:
    """Returns the pairs of classes that a mirror swaps, each once, by their ids.

    Example:
        >>> left = {"name": "left_door", "flips_with": "right_door"}
        >>> right = {"name": "right_door", "flips_with": "left_door"}
        >>> side_pairs({"classes": [{"name": "hood"}, left, right]})
        [['left_door', 'right_door']]
    """
    names = [entry["name"] for entry in taxonomy["classes"]]
    return [
        [entry["name"], entry["flips_with"]]
        for place, entry in enumerate(taxonomy["classes"])
        if entry.get("flips_with") in names[place + 1 :]
    ]


def fact_lines(summary: Mapping[str, Any]) -> Iterator[str]:
    """Yields the text of what the summary's object says of classes and contents.

    Args:
        summary: With `classes`, `side_pairs` and the fields of `contents.json`.
    """
    yield _line("classes", ", ".join(summary["classes"]))
    pairs = ", ".join(" / ".join(pair) for pair in summary["side_pairs"])
    yield _line("side pairs", pairs or "none")
    yield from _instance_lines(summary["instances"])
    drawn_on = summary["drawn_on"]
    yield _line(
        "drawn on",
        f"upright photo {drawn_on['upright']}, stored pixels {drawn_on['stored']},"
        f" undecided (taken as upright) {drawn_on['undecided']}",
    )
    for name, entry in summary["lists"].items():
        yield _line(name, f"{entry['files']}, listed in {entry['list']}")


def _instance_lines(instances: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    listed = [
        f"{task}: " + ", ".join(f"{name} {count}" for name, count in counts.items())
        for task, counts in instances.items()
        if counts
    ]
    yield _line("instances", listed[0] if listed else "none")
    yield from (_line("", line) for line in listed[1:])


def _line(label: str, text: str) -> str:
    return f"{label + ':' if label else '':{_LABEL_WIDTH}}{text}"
