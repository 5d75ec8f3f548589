"""Part values of a photo, rebuilt from the colours of its published overlay."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from tfds_builders.car_parts_carseg.taxonomy import (
    BACKGROUND_VALUE,
    REST_OF_CAR_VALUE,
)

Pixels = npt.NDArray[np.uint8]
Selection = npt.NDArray[np.bool_]

MIN_AREA_PX = 40
CLOSING_PX = 5
MIN_SATURATION = 180


@dataclass(frozen=True, kw_only=True)
class OverlayColor:
    """The colour range of one part on the overlay, in OpenCV's HSV, ends included.

    Attributes:
        part_value: Value of the part in the arrays.
        hue: Lowest and highest hue, 0..179.
        value: Lowest and highest brightness, 0..255.
    """

    part_value: int
    hue: tuple[int, int]
    value: tuple[int, int]


# In the order in which they are painted: a later part covers an earlier one.
OVERLAY_COLORS: tuple[OverlayColor, ...] = (
    OverlayColor(part_value=10, hue=(10, 20), value=(100, 255)),
    OverlayColor(part_value=20, hue=(55, 65), value=(70, 130)),
    OverlayColor(part_value=30, hue=(25, 35), value=(100, 255)),
    OverlayColor(part_value=40, hue=(85, 95), value=(100, 255)),
    OverlayColor(part_value=50, hue=(145, 155), value=(100, 180)),
    OverlayColor(part_value=60, hue=(55, 65), value=(130, 255)),
    OverlayColor(part_value=70, hue=(115, 125), value=(100, 255)),
    OverlayColor(part_value=80, hue=(145, 155), value=(181, 255)),
)


def repair_part_values(part_values: Pixels, overlay_rgb: Pixels) -> Pixels:
    """Returns the parts that the overlay shows, within the car of the old mask.

    The background stays as it is. Car pixels without a part's colour are the rest of
    the car.

    Args:
        part_values: [height, width], the mask to mend.
        overlay_rgb: [height, width, 3], the photo with its parts painted over.

    Raises:
        ValueError: The sizes differ.
    """
    if overlay_rgb.shape != (*part_values.shape, 3):
        raise ValueError(
            f"an overlay must have its array's size {_size(part_values)}, got"
            f" {_size(overlay_rgb)}; put the overlay of that photo there"
        )
    is_car = part_values != BACKGROUND_VALUE
    hsv = cv2.cvtColor(overlay_rgb, cv2.COLOR_RGB2HSV)
    repaired = np.where(is_car, REST_OF_CAR_VALUE, BACKGROUND_VALUE).astype(np.uint8)
    for color in OVERLAY_COLORS:
        repaired[_select(hsv, color, is_car)] = color.part_value
    return repaired


def drop_small_areas(selected: Selection, min_area_px: int) -> Selection:
    """Returns the selection without connected areas of fewer pixels.

    Pixels that touch at a corner are connected.

    Example:
        >>> drop_small_areas(np.array([[True, False, True, True]]), 2).tolist()
        [[False, False, True, True]]
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        selected.astype(np.uint8), connectivity=8
    )
    is_large = stats[:, cv2.CC_STAT_AREA] >= min_area_px
    is_large[0] = False  # label 0 is what was not selected
    kept: Selection = is_large[labels]
    return kept


def _select(hsv: Pixels, color: OverlayColor, is_car: Selection) -> Selection:
    """Returns where a part is: its colour on the car, cleaned and closed."""
    low = (color.hue[0], MIN_SATURATION, color.value[0])
    high = (color.hue[1], 255, color.value[1])
    colored = (cv2.inRange(hsv, low, high) > 0) & is_car
    kept = drop_small_areas(colored, MIN_AREA_PX).astype(np.uint8)
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (CLOSING_PX, CLOSING_PX))
    # Closing reaches over the car's edge, hence the car once more.
    selected: Selection = (cv2.morphologyEx(kept, cv2.MORPH_CLOSE, disk) > 0) & is_car
    return selected


def _size(pixels: Pixels) -> str:
    return f"{pixels.shape[1]} x {pixels.shape[0]}"
