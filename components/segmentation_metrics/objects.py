"""Which objects a prediction finds, small ones apart, and how many it sees.

An object is a piece of one class whose pixels touch, at a corner too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from components.segmentation_metrics.class_crops import (
    Binary,
    ClassCrop,
    class_crops,
    has_truth,
)
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.foreground import foreground_ids
from components.segmentation_metrics.measure import PhotoMasks, Sums, ratio

SIZES = ("small", "medium", "large")


class _Counts(NamedTuple):
    """Sums over photos, [..., foreground classes] each but the last."""

    true_objects: Sums  # [..., sizes, foreground classes]
    found_objects: Sums  # [..., sizes, foreground classes]
    count_error: Sums
    count_bias: Sums
    photos: Sums  # [...]


@dataclass(frozen=True, kw_only=True)
class ObjectMeasure:
    """Recall of objects by their size, and the error of their number.

    Photos whose truth is void throughout do not count.

    Attributes:
        classes: Classes of the masks; the background is made of no objects.
        small_share: An object below this share of the photo is small.
        large_share: An object of this share of the photo or above is large.
        found_share: An object is found if at least this share of its pixels is
            predicted as its class; more asks for more of it.
        least_share: Pieces below this share of the photo are left out of the number of
            objects, true and predicted; 0 leaves out none.
    """

    classes: ClassNames
    small_share: float = 0.01
    large_share: float = 0.1
    found_share: float = 0.5
    least_share: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.small_share <= self.large_share <= 1:
            raise ValueError(
                "small_share and large_share must be 0 < small <= large <= 1, got"
                f" {self.small_share} and {self.large_share}; both are shares of the"
                " photo"
            )
        if not 0 < self.found_share <= 1:
            raise ValueError(
                f"found_share must be above 0, 1 at most, got {self.found_share}; it is"
                " a share of the object's pixels"
            )
        if not 0 <= self.least_share < 1:
            raise ValueError(
                f"least_share must be 0 or more and below 1, got {self.least_share}; it"
                " is a share of the photo, 0 counts every piece"
            )

    @property
    def name(self) -> str:
        """Of the family."""
        return "objects"

    @property
    def size(self) -> int:
        """Eight sums of each foreground class, last the photos."""
        return (2 * len(SIZES) + 2) * len(foreground_ids(self.classes)) + 1

    def of_photo(self, photo: PhotoMasks) -> Sums:
        """Counts objects, [size]; whole numbers."""
        void_id = self.classes.void_id
        if not has_truth(photo, void_id):
            return np.zeros(self.size)
        foreground = foreground_ids(self.classes)
        table = np.zeros((2 * len(SIZES) + 2, len(foreground)))
        for crop in class_crops(photo, foreground, void_id):
            column = foreground.index(crop.class_id)
            table[:, column] = self._of_class(crop, photo.truth.size)
        return np.append(table, 1.0)

    def numbers(self, sums: Sums) -> Mapping[str, Sums]:
        """Returns recall by size, count error and bias, of classes and over them.

        Recall is NaN where there is no object of the size. Error and bias are means
        over photos: predicted objects less true ones, without and with the sign; over
        classes they are added up.
        """
        counts = self._counts(sums)
        names = [self.classes.names[key] for key in foreground_ids(self.classes)]
        numbers: dict[str, Sums] = {}
        for index, size in enumerate(SIZES):
            found = counts.found_objects[..., index, :]
            objects = counts.true_objects[..., index, :]
            label = f"object_recall_{size}"
            numbers[label] = ratio(found.sum(-1), objects.sum(-1))
            numbers |= _by_class(label, names, ratio(found, objects))
        for label in ("count_error", "count_bias"):
            total = getattr(counts, label)
            numbers[label] = ratio(total.sum(-1), counts.photos)
            per_photo = ratio(total, counts.photos[..., np.newaxis])
            numbers |= _by_class(label, names, per_photo)
        return numbers

    def counted(self, sums: Sums) -> Mapping[str, npt.NDArray[np.bool_]]:
        """Returns which recalls a photo has a part in: it shows objects of the size."""
        objects = self._counts(sums).true_objects > 0
        names = [self.classes.names[key] for key in foreground_ids(self.classes)]
        found: dict[str, npt.NDArray[np.bool_]] = {}
        for index, size in enumerate(SIZES):
            of_size = objects[..., index, :]
            label = f"object_recall_{size}"
            found[label] = of_size.any(-1)
            for key, name in enumerate(names):
                found[f"{label}/{name}"] = of_size[..., key]
        return found

    def _of_class(self, crop: ClassCrop, photo_px: int) -> npt.NDArray[np.int64]:
        true_px, hit_px = _objects(crop.truth, crop.prediction)
        predicted_px, _ = _objects(crop.prediction, crop.truth)
        share = true_px / photo_px
        sizes = (share >= self.small_share).astype(int) + (share >= self.large_share)
        is_found = hit_px / true_px >= self.found_share
        bias = self._count(predicted_px / photo_px) - self._count(share)
        return np.concatenate(
            [
                np.bincount(sizes, minlength=len(SIZES)),
                np.bincount(sizes[is_found], minlength=len(SIZES)),
                [abs(bias), bias],
            ]
        )

    def _count(self, shares: Sums) -> int:
        return int((shares >= self.least_share).sum())

    def _counts(self, sums: Sums) -> _Counts:
        shape = (2 * len(SIZES) + 2, len(foreground_ids(self.classes)))
        table = sums[..., :-1].reshape(*sums.shape[:-1], *shape)
        return _Counts(
            true_objects=table[..., : len(SIZES), :],
            found_objects=table[..., len(SIZES) : 2 * len(SIZES), :],
            count_error=table[..., -2, :],
            count_bias=table[..., -1, :],
            photos=sums[..., -1],
        )


def _objects(
    mask: Binary, other: Binary
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Returns each object's pixels, and how many of them the other mask has too."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    shared = np.bincount(labels[(mask & other) > 0], minlength=count)
    return stats[1:, cv2.CC_STAT_AREA].astype(np.int64), shared[1:]


def _by_class(label: str, names: list[str], values: Sums) -> dict[str, Sums]:
    return {f"{label}/{name}": values[..., key] for key, name in enumerate(names)}
