"""Objects of an annotation file, painted into a mask and listed as instances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tfds_builders.mask_patch import MaskPatch, join_patches, patch_of
from tfds_builders.polygons import Polygon, fill_polygon, polygon_area
from tfds_builders.run_lengths import decode_rle, encode_rle, plain_runs
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

    def patch(self, *, height_px: int, width_px: int) -> MaskPatch:
        """Returns its pixels, in the smallest window; none where it is off the picture.

        Raises:
            ValueError: Polygons or runs that cannot be read.
        """
        size = {"height_px": height_px, "width_px": width_px}
        patches = [fill_polygon(polygon, **size) for polygon in self.polygons]
        if self.rle_counts is not None:
            patches.append(patch_of(decode_rle(self.rle_counts, **size)))
        return join_patches(patches, **size).trimmed()


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
        patch = entry.patch(height_px=frame.height_px, width_px=frame.width_px)
        np.putmask(mask_ids[patch.window], patch.pixels, entry.class_id)
        if entry.class_id != background_id and patch.pixels.size:
            upright = patch.upright(frame.orientation)
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
    task: str, class_id: int, instance_id: int, patch: MaskPatch
) -> dict[str, Any]:
    """Returns the JSON-ready form of one object from its pixels; it has some."""
    trimmed = patch.trimmed()
    height, width = trimmed.pixels.shape
    return {
        "task": task,
        "class_id": int(class_id),
        "instance_id": int(instance_id),
        "bbox_px": [trimmed.left, trimmed.top, width, height],
        "area_px": int(np.count_nonzero(trimmed.pixels)),
        "rle": encode_rle(trimmed),
    }
