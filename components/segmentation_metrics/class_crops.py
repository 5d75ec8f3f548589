"""Both masks of a photo one class at a time, cropped to where that class is.

A part of a car fills a small share of its photo: what costs time per pixel is done on
the crop, and not at all for a class that neither mask holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from components.segmentation_metrics.mask_png import MaskIds
from components.segmentation_metrics.measure import PhotoMasks

Binary = npt.NDArray[np.uint8]  # [height, width]; 1 where the class is, else 0


class ClassCrop(NamedTuple):
    """Where one class is, in the smallest box that holds it in both masks.

    Outside the box the class is nowhere, whether there the photo goes on or ends.
    """

    class_id: int
    truth: Binary
    prediction: Binary


def has_truth(photo: PhotoMasks, void_id: int) -> bool:
    """Tells whether any pixel counts: the truth is not void throughout."""
    return bool((photo.truth != void_id).any())


def without_void(photo: PhotoMasks, void_id: int) -> MaskIds:
    """Returns the prediction, void where the truth is void."""
    return np.where(photo.truth == void_id, np.uint8(void_id), photo.prediction)


def class_crops(
    photo: PhotoMasks, class_ids: Iterable[int], void_id: int
) -> Iterator[ClassCrop]:
    """Yields the classes that either mask holds; void truth is void in both."""
    prediction = without_void(photo, void_id)
    present = _present_ids(photo.truth) | _present_ids(prediction)
    for class_id in class_ids:
        if class_id in present:
            yield _crop(photo.truth, prediction, class_id)


def _crop(truth: MaskIds, prediction: MaskIds, class_id: int) -> ClassCrop:
    is_true, is_predicted = truth == class_id, prediction == class_id
    either = (is_true | is_predicted).view(np.uint8)
    left, top, width, height = cv2.boundingRect(either)
    box = np.s_[top : top + height, left : left + width]
    return ClassCrop(
        class_id, is_true[box].view(np.uint8), is_predicted[box].view(np.uint8)
    )


def _present_ids(mask: MaskIds) -> set[int]:
    histogram = cv2.calcHist([mask], [0], None, [256], [0, 256])
    return set(np.flatnonzero(histogram).tolist())
