"""Whether the model's confidence can be believed: how often it is right at each score.

A model is calibrated if of the pixels with confidence 0.8 four fifths are right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.measure import PhotoMasks, Sums, ratio

FULL_BYTE = 255  # stands for a confidence of 1


class _Counts(NamedTuple):
    """Sums over pixels, [..., bins] each: in this order in the sums."""

    pixels: Sums
    confidence_bytes: Sums  # whole numbers add up alike in any order; 1/255 do not
    hits: Sums


class Reliability(NamedTuple):
    """What a reliability diagram draws, [..., bins] each.

    Attributes:
        upper: Upper edge of the bin, which belongs to it; [bins].
        share: Of all pixels, those in the bin; NaN where there are none at all.
        confidence: Mean in the bin; NaN where it is empty.
        accuracy: Share of the bin's pixels that are right; NaN where it is empty.
    """

    upper: Sums
    share: Sums
    confidence: Sums
    accuracy: Sums


@dataclass(frozen=True, kw_only=True)
class CalibrationMeasure:
    """Expected calibration error of the pixels' confidence.

    Pixels whose truth is void do not count; a photo without confidence adds nothing.

    Attributes:
        classes: Classes of the masks.
        bins: How many equal parts 0..1 is cut into; more resolve finer and need more
            pixels each.
    """

    classes: ClassNames
    bins: int = 15

    def __post_init__(self) -> None:
        if not 1 <= self.bins <= FULL_BYTE:
            raise ValueError(
                f"bins must be 1..{FULL_BYTE}, got {self.bins}; confidence is a byte"
                " per pixel and 15 bins are usual"
            )

    @property
    def name(self) -> str:
        """Of the family."""
        return "calibration"

    @property
    def size(self) -> int:
        """Three sums of each bin."""
        return len(_Counts._fields) * self.bins

    def of_photo(self, photo: PhotoMasks) -> Sums:
        """Counts pixels, bytes of confidence and hits by bin, [size]; whole numbers."""
        if photo.confidence is None:
            return np.zeros(self.size)
        counted = photo.truth != self.classes.void_id
        hit = counted & (photo.prediction == photo.truth)
        pixels = np.bincount(photo.confidence[counted], minlength=FULL_BYTE + 1)
        hits = np.bincount(photo.confidence[hit], minlength=FULL_BYTE + 1)
        by_byte = pixels, pixels * np.arange(FULL_BYTE + 1), hits  # as in _Counts
        bins = bin_of_byte(self.bins)
        return np.concatenate(
            [np.bincount(bins, weights, self.bins) for weights in by_byte]
        )

    def numbers(self, sums: Sums) -> Mapping[str, Sums]:
        """Returns `ece`, `mean_confidence` and `overconfidence`, 0..1.

        Overconfidence is mean confidence less accuracy: above 0 the model promises more
        than it keeps. All are NaN where no pixel counts.
        """
        counts = _read(sums)
        pixels = counts.pixels.sum(-1)
        confidence = counts.confidence_bytes / FULL_BYTE
        gap = confidence - counts.hits
        return {
            "ece": ratio(np.abs(gap).sum(-1), pixels),
            "mean_confidence": ratio(confidence.sum(-1), pixels),
            "overconfidence": ratio(gap.sum(-1), pixels),
        }


def bin_of_byte(bins: int) -> npt.NDArray[np.int64]:
    """Returns the bin of each byte, [256].

    Bin k holds confidences above k / bins up to (k + 1) / bins, the first one 0 too.
    In whole numbers: 0.2 is byte 51, and as a float it may fall on either side.

    Example:
        >>> bin_of_byte(5)[[0, 1, 51, 52, 255]].tolist()
        [0, 0, 0, 1, 4]
    """
    byte = np.arange(FULL_BYTE + 1)
    return np.maximum(-(-byte * bins // FULL_BYTE) - 1, 0)


def reliability(sums: Sums) -> Reliability:
    """Reads what a reliability diagram draws from a CalibrationMeasure's sums."""
    counts = _read(sums)
    bins = counts.pixels.shape[-1]
    return Reliability(
        upper=np.arange(1, bins + 1) / bins,
        share=ratio(counts.pixels, counts.pixels.sum(-1, keepdims=True)),
        confidence=ratio(counts.confidence_bytes, counts.pixels * FULL_BYTE),
        accuracy=ratio(counts.hits, counts.pixels),
    )


def _read(sums: Sums) -> _Counts:
    return _Counts(*np.split(sums, len(_Counts._fields), axis=-1))
