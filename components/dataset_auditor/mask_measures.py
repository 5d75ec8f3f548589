"""What one mask of class ids holds: pixels per id, islands below a size."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.upright_image import as_array


@dataclass(frozen=True)
class MaskMeasures:
    """Measures of one mask.

    Attributes:
        class_px: Class id to pixels, ids of the taxonomy that occur.
        unknown_px: Pixels of ids outside the taxonomy, by id.
        void_px: Void pixels.
        specks: Connected pieces of a class (not background) below the area.
        first_speck: Its class id and the column and row of its left upper corner.
    """

    class_px: dict[int, int]
    unknown_px: dict[int, int]
    void_px: int
    specks: int
    first_speck: tuple[int, int, int] | None


def measure_mask(
    mask: Image.Image, table: ClassTable, speck_area_px: int
) -> MaskMeasures:
    """Counts pixels per id exactly, and specks (8-connected) per class."""
    counts = {pixel_id: count for pixel_id, count in enumerate(mask.histogram())}
    void_px = counts.pop(table.void_id, 0)
    present = {pixel_id: count for pixel_id, count in counts.items() if count}
    class_px = {key: n for key, n in present.items() if key in table.names}
    specks, first = _find_specks(mask, class_px, table.background_id, speck_area_px)
    return MaskMeasures(
        class_px=class_px,
        unknown_px={key: n for key, n in present.items() if key not in table.names},
        void_px=void_px,
        specks=specks,
        first_speck=first,
    )


def _find_specks(
    mask: Image.Image,
    class_px: dict[int, int],
    background_id: int | None,
    speck_area_px: int,
) -> tuple[int, tuple[int, int, int] | None]:
    total, first = 0, None
    if speck_area_px <= 0:
        return total, first
    mask_ids = as_array(mask)
    for class_id in class_px:
        if class_id == background_id:
            continue
        binary = (mask_ids == class_id).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(binary, connectivity=8)
        small = np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] < speck_area_px) + 1
        total += len(small)
        if len(small) and first is None:
            left = int(stats[small[0], cv2.CC_STAT_LEFT])
            first = (class_id, left, int(stats[small[0], cv2.CC_STAT_TOP]))
    return total, first
