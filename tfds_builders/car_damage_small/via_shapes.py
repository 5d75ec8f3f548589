"""VIA's shapes as polygons."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from tfds_builders.polygons import Polygon

# Corners of a circle: the polygon's area is 0.04 % below the circle's.
_CORNERS = 128

Shape = Mapping[str, Any]


def read_shape(shape: Any) -> Polygon:
    """Returns the corners (x, y) of a region's `shape_attributes`.

    Raises:
        ValueError: A shape without area, an unknown one or missing numbers.

    Example:
        >>> read_shape({"name": "rect", "x": 2, "y": 1, "width": 3, "height": 4})
        [(2.0, 1.0), (5.0, 1.0), (5.0, 5.0), (2.0, 5.0)]
    """
    name = shape.get("name") if isinstance(shape, Mapping) else None
    reader = _READERS.get(name) if isinstance(name, str) else None
    if reader is None:
        raise ValueError(
            f"a region must be one of {', '.join(_READERS)}, got {name!r}, which has no"
            " area; draw it as a polygon or remove it"
        )
    return reader(shape)


def _polygon(shape: Shape) -> Polygon:
    columns, rows = (shape.get(f"all_points_{axis}") for axis in "xy")
    if (
        not isinstance(columns, list)
        or not isinstance(rows, list)
        or len(columns) != len(rows)
        or len(columns) < 3
        or not all(_is_number(value) for value in (*columns, *rows))
    ):
        raise ValueError(
            f"a {shape['name']} must have three or more corners, as many x as y, got"
            f" {_count(columns)} x and {_count(rows)} y; draw it again or remove it"
        )
    return list(zip(columns, rows, strict=True))


def _rectangle(shape: Shape) -> Polygon:
    left, top, width, height = _numbers(shape, "x", "y", "width", "height")
    right, bottom = left + width, top + height
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _circle(shape: Shape) -> Polygon:
    x, y, radius = _numbers(shape, "cx", "cy", "r")
    return _round(x, y, radius, radius, 0.0)


def _ellipse(shape: Shape) -> Polygon:
    x, y, radius_x, radius_y = _numbers(shape, "cx", "cy", "rx", "ry")
    # VIA 1.x has no angle; in 2.x it is in radians, clockwise on the screen.
    (theta,) = _numbers({"name": "ellipse", "theta": 0} | dict(shape), "theta")
    return _round(x, y, radius_x, radius_y, theta)


def _round(
    x: float, y: float, radius_x: float, radius_y: float, theta: float
) -> Polygon:
    corners = []
    for index in range(_CORNERS):
        angle = 2 * math.pi * index / _CORNERS
        along, across = radius_x * math.cos(angle), radius_y * math.sin(angle)
        corners.append(
            (
                x + along * math.cos(theta) - across * math.sin(theta),
                y + along * math.sin(theta) + across * math.cos(theta),
            )
        )
    return corners


def _numbers(shape: Shape, *keys: str) -> list[float]:
    values = [shape.get(key) for key in keys]
    if not all(_is_number(value) for value in values):
        raise ValueError(
            f"a {shape['name']} must have the numbers {', '.join(keys)}, got"
            f" {values}; draw it again or remove it"
        )
    return [float(value) for value in values if value is not None]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _count(values: Any) -> int:
    return len(values) if isinstance(values, list) else 0


_READERS: Mapping[str, Callable[[Shape], Polygon]] = {
    "polygon": _polygon,
    "polyline": _polygon,
    "rect": _rectangle,
    "circle": _circle,
    "ellipse": _ellipse,
}
