"""The outline of one COCO annotation as an object that can be painted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tfds_builders.annotated_objects import AnnotatedObject
from tfds_builders.coco_cars.annotation_places import CocoAnnotation
from tfds_builders.polygons import Polygon

# x and y of three corners.
_LEAST_NUMBERS = 6


def read_outline(
    annotation: CocoAnnotation, class_id: int, *, height_px: int, width_px: int
) -> AnnotatedObject:
    """Returns the object of an annotation's polygons or run lengths.

    A polygon of fewer than three corners has no area; beside another one it is dropped.

    Args:
        annotation: As its file gives it.
        class_id: Value that it has in the mask.
        height_px: Height that the photo was annotated at.
        width_px: Width that the photo was annotated at.

    Raises:
        ValueError: There is no outline, or none that can be read.

    Example:
        >>> square = CocoAnnotation(
        ...     id=1, category_id=1, segmentation=[[0, 0, 2, 0, 2, 2, 0, 2]]
        ... )
        >>> read_outline(square, 3, height_px=9, width_px=9).polygons
        (((0, 0), (2, 0), (2, 2), (0, 2)),)
    """
    where = f"annotation {annotation.id}"
    outline = annotation.segmentation
    if isinstance(outline, Mapping):
        counts = _counts(outline, (height_px, width_px), where)
        return AnnotatedObject(class_id=class_id, rle_counts=counts)
    if not isinstance(outline, list) or not outline:
        raise ValueError(
            f"{where} must have polygons or run lengths in segmentation, got"
            f" {str(outline)[:40]!r}; a box alone is no mask: draw its outline"
        )
    drawn = [numbers for numbers in outline if not _is_crumb(numbers)]
    return AnnotatedObject(
        class_id=class_id,
        polygons=tuple(_polygon(numbers, where) for numbers in drawn or outline),
    )


def _is_crumb(numbers: Any) -> bool:
    """Says whether a polygon is a point or a line, as tools leave behind at a cut."""
    return _are_numbers(numbers) and len(numbers) < _LEAST_NUMBERS


def _are_numbers(numbers: Any) -> bool:
    return isinstance(numbers, list) and all(
        isinstance(number, int | float) for number in numbers
    )


def _polygon(numbers: Any, where: str) -> Polygon:
    plain = _are_numbers(numbers)
    if not plain or len(numbers) < _LEAST_NUMBERS or len(numbers) % 2:
        size = f"{len(numbers)} entries" if isinstance(numbers, list) else repr(numbers)
        raise ValueError(
            f"{where}: a polygon must be x and y in turn of three or more corners, got"
            f" {size}; draw it again or remove it"
        )
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _counts(
    outline: Mapping[str, Any], size_px: tuple[int, int], where: str
) -> str | tuple[int, ...]:
    size, counts = outline.get("size"), outline.get("counts")
    if size != list(size_px):
        raise ValueError(
            f"{where}: run lengths must have the size [height, width] of their image,"
            f" {list(size_px)}, got {size}; export the annotations again"
        )
    if isinstance(counts, str):
        return counts
    if isinstance(counts, Sequence) and all(type(run) is int for run in counts):
        return tuple(counts)
    raise ValueError(
        f"{where}: counts must be a text or whole numbers, got"
        f" {type(counts).__name__}; export the annotations again"
    )
