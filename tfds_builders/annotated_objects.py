"""Objects of an annotation file, painted into a mask and listed as instances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tfds_builders.polygons import Polygon, fill_polygon, polygon_area
from tfds_builders.run_lengths import Mask, decode_rle, encode_rle, plain_runs
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
        if self.rle_counts is not None:
            area += sum(plain_runs(self.rle_counts)[1::2])
        return area

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


@dataclass(frozen=True, kw_only=True)
class AnnotationFrame:
    """What annotations were made for.

    Attributes:
        height_px: Height before it is turned.
        width_px: Width before it is turned.
        orientation: Turns the annotation upright; see `annotation_orientation`.
    """

    height_px: int
    width_px: int
    orientation: int = 1


@dataclass(frozen=True, kw_only=True)
class DrawnObjects:
    """Objects as a record holds them, upright.

    Attributes:
        mask_ids: [height, width], large objects first, small ones on top.
        instances: Each whole even where another covers it, numbered from 1 in the
            order of the file; an object off the picture has none.
    """

    mask_ids: npt.NDArray[np.uint8]
    instances: tuple[Mapping[str, Any], ...]


def draw_objects(
    objects: Sequence[AnnotatedObject],
    frame: AnnotationFrame,
    *,
    task: str,
    background_id: int = 0,
) -> DrawnObjects:
    """Paints and lists objects, each of which is filled once.

    Args:
        objects: Any order; of two of one size the later one lies on top.
        frame: Size and orientation of the annotation.
        task: Name that the instances carry.
        background_id: Value where no object is; an object of this class is painted,
            but not listed.
    """
    mask_ids = np.full((frame.height_px, frame.width_px), background_id, np.uint8)
    found: dict[int, dict[str, Any]] = {}
    by_area = sorted(
        range(len(objects)), key=lambda place: objects[place].area(), reverse=True
    )
    for place in by_area:
        entry = objects[place]
        mask = entry.mask(height_px=frame.height_px, width_px=frame.width_px)
        mask_ids[mask] = entry.class_id
        if entry.class_id != background_id and mask.any():
            upright = apply_orientation(mask, frame.orientation)
            found[place] = describe_instance(task, entry.class_id, 0, upright)
    return DrawnObjects(
        mask_ids=np.ascontiguousarray(apply_orientation(mask_ids, frame.orientation)),
        instances=number_instances(found[place] for place in sorted(found)),
    )


def number_instances(
    instances: Iterable[Mapping[str, Any]],
) -> tuple[Mapping[str, Any], ...]:
    """Returns the instances with numbers from 1 on, for those of several tasks, too."""
    return tuple(
        {**instance, "instance_id": number}
        for number, instance in enumerate(instances, start=1)
    )


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
