"""How well outlines fit: IoU of the bands along them, F score of the lines themselves.

IoU forgives a large object a ragged edge, since its inside outweighs it. Boundary IoU
(Cheng et al., "Boundary IoU", CVPR 2021) looks at the pixels near the edge only. The
boundary F score asks how much of either contour lies close to the other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from components.segmentation_metrics.class_crops import (
    Binary,
    ClassCrop,
    class_crops,
)
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.foreground import foreground_ids
from components.segmentation_metrics.measure import PhotoMasks, Sums, nan_mean, ratio


class _Counts(NamedTuple):
    """Pixels of each class, [..., classes] each: in this order in the sums."""

    common_band: Sums
    either_band: Sums
    true_contour: Sums
    true_near: Sums  # contour of the truth that the predicted contour is close to
    predicted_contour: Sums
    predicted_near: Sums


@dataclass(frozen=True, kw_only=True)
class BoundaryMeasure:
    """Boundary IoU and boundary F score of each class.

    Distances are Chebyshev's: a pixel's eight neighbours are one pixel away. Beyond
    the photo, and where the truth is void, no class goes on: an edge is there.

    Attributes:
        classes: Classes of the masks.
        width_share: Width of the band inside a mask, as a share of the photo's
            diagonal; more lets coarser outlines pass.
        tolerance_share: How far apart two contours may be to count as the same, as a
            share of the diagonal.
    """

    classes: ClassNames
    width_share: float = 0.02
    tolerance_share: float = 0.008

    def __post_init__(self) -> None:
        for field in ("width_share", "tolerance_share"):
            value = getattr(self, field)
            if not 0 < value <= 1:
                raise ValueError(
                    f"{field} must be above 0, 1 at most, got {value}; it is a share"
                    " of the photo's diagonal, 0.02 for a fiftieth"
                )

    @property
    def name(self) -> str:
        """Of the family."""
        return "boundary"

    @property
    def size(self) -> int:
        """Six counts of each class."""
        return len(_Counts._fields) * len(self.classes.names)

    def of_photo(self, photo: PhotoMasks) -> Sums:
        """Counts the pixels of bands and contours, [size]; whole numbers."""
        diagonal_px = math.hypot(*photo.truth.shape)
        width_px = max(1, round(self.width_share * diagonal_px))
        tolerance_px = max(1, round(self.tolerance_share * diagonal_px))
        table = np.zeros((len(_Counts._fields), len(self.classes.names)))
        every = range(len(self.classes.names))
        for crop in class_crops(photo, every, self.classes.void_id):
            table[:, crop.class_id] = _count(crop, width_px, tolerance_px)
        return table.reshape(-1)

    def numbers(self, sums: Sums) -> Mapping[str, Sums]:
        """Returns both scores of each class and their means over the foreground.

        A score is 0 where a class is on one side only or no pixel fits, and NaN only
        where the class is absent from truth and prediction.
        """
        counts = self._counts(sums)
        foreground = foreground_ids(self.classes)
        numbers: dict[str, Sums] = {}
        for score, values in (
            ("boundary_iou", ratio(counts.common_band, counts.either_band)),
            ("boundary_f", _f_score(counts)),
        ):
            numbers[f"mean_{score}"] = nan_mean(values[..., foreground])
            for class_id, name in enumerate(self.classes.names):
                numbers[f"{score}/{name}"] = values[..., class_id]
        return numbers

    def _counts(self, sums: Sums) -> _Counts:
        return _Counts(*np.split(sums, len(_Counts._fields), axis=-1))


def inner_band(mask: Binary, width_px: int) -> Binary:
    """Returns the pixels inside a mask that are `width_px` or less from its outside.

    Args:
        mask: [height, width]; what lies beyond it is outside.
        width_px: Chebyshev distance; 1 gives the contour.
    """
    side = 2 * width_px + 1
    return mask & (_window_counts(mask, side) < side**2).view(np.uint8)


def _count(crop: ClassCrop, width_px: int, tolerance_px: int) -> list[int]:
    """Returns one class's pixels in the order of `_Counts`."""
    true_band = inner_band(crop.truth, width_px)
    predicted_band = inner_band(crop.prediction, width_px)
    true_contour = inner_band(crop.truth, 1)
    predicted_contour = inner_band(crop.prediction, 1)
    counted = (
        true_band & predicted_band,
        true_band | predicted_band,
        true_contour,
        true_contour & _near(predicted_contour, tolerance_px),
        predicted_contour,
        predicted_contour & _near(true_contour, tolerance_px),
    )
    return [cv2.countNonZero(pixels) for pixels in counted]


def _near(mask: Binary, distance_px: int) -> Binary:
    return (_window_counts(mask, 2 * distance_px + 1) > 0).view(np.uint8)


# A distance transform finds the same pixels and takes 1.4 times as long, an erosion as
# in the paper's code takes longer the wider the band (measured on 12 MP, 18 classes).
def _window_counts(mask: Binary, side: int) -> Sums:
    """Counts the mask's pixels in the window around each pixel; whole numbers."""
    return cv2.boxFilter(
        mask,
        cv2.CV_32S,
        (side, side),
        normalize=False,
        borderType=cv2.BORDER_CONSTANT,  # of 0
    )


def _f_score(counts: _Counts) -> Sums:
    precision = ratio(counts.predicted_near, counts.predicted_contour)
    recall = ratio(counts.true_near, counts.true_contour)
    score = ratio(2 * precision * recall, precision + recall)
    present = counts.true_contour + counts.predicted_contour > 0
    return np.where(present, np.nan_to_num(score, nan=0.0), np.nan)
