"""What a measure is: sums that a photo adds to, and numbers that sums give.

Everything that is told about a split is a function of sums over its photos. So it can
be added up in any order by any number of workers, sliced, and drawn anew: a bootstrap
replicate is the same sum with other weights (see `bootstrap`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from components.segmentation_metrics import confusion
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.mask_png import MaskIds

Sums = npt.NDArray[np.float64]  # [..., size]: any number of leading axes


@dataclass(frozen=True, kw_only=True)
class PhotoMasks:
    """One photo's masks, [height, width] of one size.

    Attributes:
        truth: True class ids; the taxonomy's void id where nothing is known.
        prediction: Predicted ids; where the truth is void they do not count, any other
            id that is no class is a miss.
        confidence: The model's score of what it predicts, 255 for 1; None where it
            says none.
    """

    truth: MaskIds
    prediction: MaskIds
    confidence: npt.NDArray[np.uint8] | None = None
    _matrices: dict[ClassNames, confusion.Matrix] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        pictures = [self.prediction]
        if self.confidence is not None:
            pictures.append(self.confidence)
        for picture in pictures:
            if picture.shape != self.truth.shape:
                raise ValueError(
                    "truth, prediction and confidence must have one shape, got"
                    f" {self.truth.shape} and {picture.shape}; bring the mask to the"
                    " photo's size first"
                )

    def matrix(self, classes: ClassNames) -> confusion.Matrix:
        """Returns the confusion matrix; several ask, and it is filled once.

        Raises:
            ValueError: A true id is unknown.
        """
        if classes not in self._matrices:
            self._matrices[classes] = confusion.confusion_matrix(
                self.truth, self.prediction, len(classes.names), classes.void_id
            )
        return self._matrices[classes]


class Measure(Protocol):
    """A family of numbers that come from the same sums.

    Numbers are taken from sums with any leading axes, elementwise: one photo [size],
    or all replicates of a bootstrap [replicates, size].
    """

    @property
    def name(self) -> str:
        """Of the family; the sums are stored under it."""
        ...

    @property
    def size(self) -> int:
        """Length of its sums."""
        ...

    def of_photo(self, photo: PhotoMasks) -> Sums:
        """Returns what one photo adds, [size]."""
        ...

    def numbers(self, sums: Sums) -> Mapping[str, npt.NDArray[np.float64]]:
        """Returns [...] by name; NaN where a number has no meaning."""
        ...


@runtime_checkable
class CountsOwnGroups(Protocol):
    """A measure with numbers that not every group showing the class has a part in."""

    def counted(self, sums: Sums) -> Mapping[str, npt.NDArray[np.bool_]]:
        """Returns by such a number's name whether the photo of these sums is in it."""
        ...


def ratio(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> Sums:
    """Divides elementwise; NaN where the denominator is 0.

    Example:
        >>> ratio([1, 0, 3], [2, 0, 3])
        array([0.5, nan, 1. ])
    """
    above, below = np.broadcast_arrays(
        np.asarray(numerator, np.float64), np.asarray(denominator, np.float64)
    )
    out = np.full(above.shape, np.nan)
    return np.divide(above, below, out=out, where=below != 0)


def nan_mean(values: npt.ArrayLike) -> Sums:
    """Means over the last axis without the NaN; NaN where nothing is left."""
    array = np.asarray(values, np.float64)
    known = ~np.isnan(array)
    return ratio(np.where(known, array, 0.0).sum(-1), known.sum(-1))
