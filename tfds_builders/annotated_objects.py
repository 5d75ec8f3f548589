"""Objects of an annotation file, painted into a mask and listed as instances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tfds_builders.polygons import Polygon, fill_polygon, polygon_area
from tfds_builders.run_lengths import Mask, decode_rle, encode_rle
from tfds_builders.upright import apply_orientation


@dataclass(frozen=True, kw_only=True)
class AnnotatedObject:
    """One object as its annotation file gives it.

    Attributes:
        class_id: Value that it has in the mask.
        polygons: Their union is the object; corners (x, y) in pixels.
        rle_counts: Run lengths in COCO's form, for the size of the annotation;
            added to the polygons where there are both.
    """

    class_id: int
    polygons: tuple[Polygon, ...] = ()
    rle_counts: str | tuple[int, ...] | None = None

    def area(self) -> float:
        """Returns about how many pixels it covers, without painting it."""
        area = sum(polygon_area(polygon) for polygon in self.polygons)
        if self.rle_counts is None or isinstance(self.rle_counts, str):
            return area
        return area + sum(self.rle_counts[1::2])

    def mask(self, *, height_px: int, width_px: int) -> Mask:
        """Returns its pixels [height, width]; empty where it lies off the picture.

        Raises:
            ValueError: Polygons or runs that cannot be read.
        """
        covered = np.zeros((height_px, width_px), np.bool_)
        if self.rle_counts is not None:
            covered |= decode_rle(
                self.rle_counts, height_px=height_px, width_px=width_px
            )
        for polygon in self.polygons:
            covered |= fill_polygon(polygon, height_px=height_px, width_px=width_px)
        return covered


def paint_objects(
    objects: Sequence[AnnotatedObject],
    *,
    height_px: int,
    width_px: int,
    orientation: int = 1,
    background_id: int = 0,
) -> npt.NDArray[np.uint8]:
    """Returns the mask of class ids, upright: large objects first, small ones on top.

    Args:
        objects: Any order; of two of one size the later one lies on top.
        height_px: Height that the annotation was made for, before it is turned.
        width_px: Width that the annotation was made for.
        orientation: Turns the annotation upright; see `annotation_orientation`.
        background_id: Value where no object is.
    """
    mask_ids = np.full((height_px, width_px), background_id, np.uint8)
    for entry in _large_first(objects, height_px, width_px):
        mask_ids[entry.mask(height_px=height_px, width_px=width_px)] = entry.class_id
    return np.ascontiguousarray(apply_orientation(mask_ids, orientation))


def _large_first(
    objects: Sequence[AnnotatedObject], height_px: int, width_px: int
) -> list[AnnotatedObject]:
    def area(entry: AnnotatedObject) -> float:
        if isinstance(entry.rle_counts, str):
            return float(entry.mask(height_px=height_px, width_px=width_px).sum())
        return entry.area()

    return sorted(objects, key=area, reverse=True)


def list_objects(
    objects: Sequence[AnnotatedObject],
    *,
    task: str,
    height_px: int,
    width_px: int,
    orientation: int = 1,
) -> list[dict[str, Any]]:
    """Returns the instances of a record, each whole even where another covers it.

    Numbers run from 1 in the order of the file; an object off the picture has none.
    Arguments are those of `paint_objects`.
    """
    listed: list[dict[str, Any]] = []
    for entry in objects:
        mask = apply_orientation(
            entry.mask(height_px=height_px, width_px=width_px), orientation
        )
        if mask.any():
            listed.append(
                describe_instance(task, entry.class_id, len(listed) + 1, mask)
            )
    return listed


def describe_instance(
    task: str, class_id: int, instance_id: int, mask: npt.NDArray[Any]
) -> dict[str, Any]:
    """Returns the JSON-ready form of one object from its mask, which is not empty."""
    rows = np.flatnonzero(mask.any(axis=1))
    cols = np.flatnonzero(mask.any(axis=0))
    left, top = int(cols[0]), int(rows[0])
    box = [left, top, int(cols[-1]) - left + 1, int(rows[-1]) - top + 1]
    return {
        "task": task,
        "class_id": int(class_id),
        "instance_id": int(instance_id),
        "bbox_px": box,
        "area_px": int(mask.sum()),
        "rle": encode_rle(mask),
    }
