"""Connected components of a mask as COCO's annotations."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

MaskIds = npt.NDArray[np.uint8]  # [height, width]
Mask = npt.NDArray[np.bool_]  # [height, width]


def annotate_components(
    mask_ids: MaskIds, *, category_ids: Collection[int], score: float
) -> Iterator[str]:
    """Yields one JSON object per 8-connected component of each class.

    The ids of annotation and photo are left out: who joins the photos numbers them.
    Classes come in rising order, components from the top down.

    Args:
        mask_ids: Class of each pixel.
        category_ids: The classes that are things; others are left out.
        score: Given to each annotation.
    """
    for category_id in sorted(category_ids):
        for crop, left, top in _components(mask_ids == category_id):
            height, width = crop.shape
            yield json.dumps(
                {
                    "category_id": category_id,
                    "iscrowd": 0,
                    "area": int(np.count_nonzero(crop)),
                    "bbox": [left, top, width, height],
                    "score": score,
                    "segmentation": {
                        "size": list(mask_ids.shape),
                        "counts": count_runs(
                            crop, top=top, left=left, size_px=mask_ids.shape
                        ),
                    },
                }
            )


def count_runs(
    crop: Mask, *, top: int, left: int, size_px: tuple[int, ...]
) -> list[int]:
    """Returns COCO's uncompressed run lengths of a crop's place in its picture.

    Args:
        crop: [h, w], set where the component is.
        top: First row of the crop in the picture.
        left: First column.
        size_px: Height and width of the picture.

    Example:
        >>> count_runs(np.array([[True]]), top=1, left=2, size_px=(3, 4))
        [7, 1, 4]
    """
    height_px, width_px = size_px
    # A row of zeros at either end keeps the runs of two columns apart.
    padded = np.zeros((crop.shape[1], crop.shape[0] + 2), np.int8)
    padded[:, 1:-1] = crop.T
    columns, edges = np.nonzero(np.diff(padded, axis=1))
    places = (columns + left) * height_px + edges + top
    # Where the crop is as high as the picture, a run may go on in the next column.
    goes_on = np.flatnonzero(places[1::2][:-1] == places[2::2])
    places = np.delete(places, np.concatenate([2 * goes_on + 1, 2 * goes_on + 2]))
    counts: list[Any] = np.diff(places, prepend=0, append=height_px * width_px).tolist()
    return counts if counts[-1] else counts[:-1]


def _components(is_class: Mask) -> Iterator[tuple[Mask, int, int]]:
    """Yields the crop of each component, with its left and top in the picture."""
    rows = np.flatnonzero(is_class.any(axis=1))
    if not rows.size:
        return
    columns = np.flatnonzero(is_class[rows[0] : rows[-1] + 1].any(axis=0))
    first_row, first_column = int(rows[0]), int(columns[0])
    # A third of the time, where a thing takes a third of the picture.
    found = is_class[first_row : rows[-1] + 1, first_column : columns[-1] + 1]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        np.ascontiguousarray(found).view(np.uint8), connectivity=8
    )
    boxes = stats[:count].tolist()
    for index in sorted(range(1, count), key=lambda label: boxes[label][1::-1]):
        left, top, width, height, _ = boxes[index]
        crop = labels[top : top + height, left : left + width] == index
        yield crop, left + first_column, top + first_row
