"""All that is kept of photos while an evaluation runs, and the numbers of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.measure import PhotoMasks
from components.segmentation_metrics.replicated_sums import (
    MeasureSet,
    PhotoSums,
    ReplicatedSums,
)
from components.segmentation_metrics.split_totals import SplitTotals


@dataclass(frozen=True, kw_only=True)
class PhotoMeasurement:
    """What is kept of one photo; small, for slicing copies it.

    Attributes:
        totals: Its confusion matrix and what the gate asks.
        sums: Its share of every measure.
    """

    totals: SplitTotals
    sums: PhotoSums


@dataclass(frozen=True, kw_only=True)
class Measuring:
    """Which classes are measured, by which measures.

    Attributes:
        classes: Classes of the masks.
        measures: What is taken of every photo.
    """

    classes: ClassNames
    measures: MeasureSet

    def of_photo(self, photo: PhotoMasks, group_id: bytes) -> PhotoMeasurement:
        """Measures one photo.

        Raises:
            ValueError: A true id is unknown.
        """
        return PhotoMeasurement(
            totals=SplitTotals.of_photo(photo, self.classes),
            sums=self.measures.of_photo(photo, group_id),
        )

    def nothing(self) -> Measurement:
        """Returns the measurement of no photo."""
        return Measurement(
            totals=SplitTotals(self.classes), sums=ReplicatedSums(self.measures)
        )


@dataclass
class Measurement:
    """Totals and sums of any number of photos.

    Attributes:
        totals: Confusion matrix and what the gate asks.
        sums: Those of all measures, with their replicates.
    """

    totals: SplitTotals
    sums: ReplicatedSums

    def add(self, photo: PhotoMeasurement) -> Measurement:
        """Adds a photo, and returns itself."""
        classes = self.totals.classes
        self.totals = SplitTotals.merge([self.totals, photo.totals], classes)
        self.sums.add(photo.sums)
        return self

    @classmethod
    def merge(cls, parts: Iterable[Measurement], measuring: Measuring) -> Measurement:
        """Adds parts; the order does not matter."""
        listed = list(parts)
        return cls(
            totals=SplitTotals.merge(
                (part.totals for part in listed), measuring.classes
            ),
            sums=ReplicatedSums.merge(
                (part.sums for part in listed), measuring.measures
            ),
        )

    def numbers(self) -> dict[str, float]:
        """Returns every number by name; NaN where it has no meaning."""
        return self.totals.numbers() | self.sums.numbers()
