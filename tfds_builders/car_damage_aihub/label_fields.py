"""Fields of a label with their types; every error is one line naming the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Beyond that no photo reaches; it also keeps infinite numbers out of the arithmetic.
_FARTHEST_PX = 1_000_000
# Lists of groups of polygons of corners: the deepest nesting that is published.
_DEEPEST = 3

Ring = tuple[tuple[float, float], ...]


def one_object(value: Any, where: str) -> Mapping[str, Any]:
    """Returns an object, or the one object of a list.

    Example:
        >>> one_object([{"width": 8}], "images")
        {'width': 8}
    """
    entries = value if isinstance(value, list) else [value]
    if len(entries) != 1 or not isinstance(entries[0], dict):
        raise ValueError(f"{where} must be one object, got {_kind(value)}")
    return entries[0]


def objects(value: Any, where: str) -> list[Mapping[str, Any]]:
    """Returns a list of objects; a single object is a list of one."""
    entries = [value] if isinstance(value, dict) else value
    if not isinstance(entries, list):
        raise ValueError(f"{where} must be a list of objects, got {_kind(value)}")
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise ValueError(f"{where}[{index}] must be an object, got {_kind(entry)}")
    return entries


def positive_integer(value: Any, where: str) -> int:
    """Returns a whole number of 1 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{where} must be a whole number above 0, got {value!r}")
    return value


def text_or_number(value: Any) -> str:
    """Returns what a slice is called, empty where nothing is known.

    Example:
        >>> text_or_number(2018.0), text_or_number(" White "), text_or_number(None)
        ('2018', 'White', '')
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value).strip() if is_number or isinstance(value, str) else ""


def class_of(value: Any, ids: Mapping[str, int], where: str) -> int | None:
    """Returns the id of a class name, None where the field is empty.

    Spaces and capitals do not matter.

    Example:
        >>> class_of("front Bumper", {"Front bumper": 1}, "part")
        1
    """
    if value is None or value == "":
        return None
    known = {_folded(name): class_id for name, class_id in ids.items()}
    class_id = known.get(_folded(value)) if isinstance(value, str) else None
    if class_id is None:
        raise ValueError(f"{where} must be one of {', '.join(ids)}, got {value!r}")
    return class_id


def _folded(name: str) -> str:
    return "".join(name.split()).casefold()


def rings_of(segmentation: Any, where: str) -> tuple[Ring, ...]:
    """Returns the polygons of a segmentation, nested three or four deep or mixed.

    The last corner is dropped where it repeats the first.

    Example:
        >>> rings_of([[[[0, 0], [4, 0], [4, 2], [0, 0]]]], "segmentation")
        (((0, 0), (4, 0), (4, 2)),)
    """
    rings = tuple(_rings(segmentation, where, _DEEPEST))
    if not rings:
        raise ValueError(f"{where} must hold a polygon, got none")
    return rings


def _rings(node: Any, where: str, depth: int) -> list[Ring]:
    if not isinstance(node, list) or not depth:
        raise ValueError(
            f"{where} must be lists of polygons of corners [x, y], got {_kind(node)}"
            " in place of one"
        )
    if node and all(_is_corner(entry) for entry in node):
        ring = tuple((x, y) for x, y in node)
        ring = ring[:-1] if ring[0] == ring[-1] else ring
        if len(ring) < 3:
            raise ValueError(f"{where} must hold polygons of 3 corners, got {node}")
        return [ring]
    return [ring for entry in node for ring in _rings(entry, where, depth - 1)]


def _is_corner(entry: Any) -> bool:
    return (
        isinstance(entry, list)
        and len(entry) == 2
        and all(
            isinstance(value, (int, float))
            and not isinstance(value, bool)
            and -_FARTHEST_PX < value < _FARTHEST_PX
            for value in entry
        )
    )


def _kind(value: Any) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "null" if value is None else f"{type(value).__name__} {str(value)[:40]!r}"
