"""A split's sums with their bootstrap replicates: numbers, and how sure they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from components.segmentation_metrics.bootstrap import REPLICATES, replicate_weights
from components.segmentation_metrics.group_counts import GroupCounts
from components.segmentation_metrics.measure import (
    CountsOwnGroups,
    Measure,
    PhotoMasks,
    Sums,
)


@dataclass(frozen=True, kw_only=True)
class PhotoSums:
    """What one photo adds.

    Attributes:
        group_id: Of its car, case or scene.
        sums: Of all measures one behind the other.
        present: Whether it counts at each of the places that groups are counted at,
            [places].
    """

    group_id: bytes
    sums: Sums
    present: npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class MeasureSet:
    """The measures that are taken of every photo.

    Attributes:
        measures: In the order in which their sums are stored.
        class_names: By class id; groups are counted for each.
        replicates: Redrawn splits; 0 gives no intervals.
    """

    measures: Sequence[Measure]
    class_names: Sequence[str]
    replicates: int = REPLICATES

    def __post_init__(self) -> None:
        if self.replicates < 0:
            raise ValueError(
                f"replicates must be 0 or more, got {self.replicates}; 400 suits"
            )

    @property
    def size(self) -> int:
        """Length of the sums of all measures."""
        return sum(measure.size for measure in self.measures)

    def of_photo(self, photo: PhotoMasks, group_id: bytes) -> PhotoSums:
        """Measures one photo."""
        ids = np.bincount(photo.truth.reshape(-1), minlength=256)
        sums = np.concatenate([measure.of_photo(photo) for measure in self.measures])
        shown = ids[: len(self.class_names)] > 0
        counted = np.array([*self._counted(sums).values()], np.bool_)
        return PhotoSums(
            group_id=group_id, sums=sums, present=np.concatenate([shown, counted])
        )

    @property
    def place_names(self) -> list[str]:
        """Names of the places that groups are counted at.

        Classes, that occur in the true mask, and numbers with groups of their own.
        """
        return [*self.class_names, *self._counted(np.zeros(self.size))]

    def _counted(self, sums: Sums) -> dict[str, npt.NDArray[np.bool_]]:
        parts = self.parts(sums)
        return {
            name: value
            for measure in self.measures
            if isinstance(measure, CountsOwnGroups)
            for name, value in measure.counted(parts[measure.name]).items()
        }

    def parts(self, sums: Sums) -> dict[str, Sums]:
        """Returns each measure's share of sums [..., size] by its name."""
        ends = np.cumsum([measure.size for measure in self.measures])[:-1]
        names = [measure.name for measure in self.measures]
        return dict(zip(names, np.split(sums, ends, axis=-1), strict=True))

    def numbers(self, sums: Sums) -> dict[str, npt.NDArray[np.float64]]:
        """Returns the numbers of all measures, [...] by name."""
        parts = self.parts(sums)
        return {
            name: value
            for measure in self.measures
            for name, value in measure.numbers(parts[measure.name]).items()
        }


@dataclass
class ReplicatedSums:
    """Sums of any number of photos, none to begin with.

    Attributes:
        measure_set: What is measured.
        sums: Each photo once, [size].
        drawn: Each photo as often as its replicate draws its group,
            [replicates, size].
        groups: Groups of the whole, then of each place.
    """

    measure_set: MeasureSet
    sums: Sums = field(init=False)
    drawn: Sums = field(init=False)
    groups: GroupCounts = field(init=False)

    def __post_init__(self) -> None:
        size = self.measure_set.size
        self.sums = np.zeros(size)
        self.drawn = np.zeros((self.measure_set.replicates, size))
        self.groups = GroupCounts(1 + len(self.measure_set.place_names))

    def add(self, photo: PhotoSums) -> None:
        """Adds one photo."""
        weights = replicate_weights(photo.group_id, self.measure_set.replicates)
        self.sums += photo.sums
        drawn = np.flatnonzero(photo.sums)  # most sums of a photo are 0
        self.drawn[:, drawn] += np.outer(weights, photo.sums[drawn])
        self.groups.add(photo.group_id, np.append(True, photo.present))

    @classmethod
    def merge(
        cls, parts: Iterable[ReplicatedSums], measure_set: MeasureSet
    ) -> ReplicatedSums:
        """Adds sums of parts; the order does not matter."""
        merged, listed = cls(measure_set), list(parts)
        for part in listed:
            merged.sums += part.sums
            merged.drawn += part.drawn
        places = merged.groups.places
        merged.groups = GroupCounts.merge((part.groups for part in listed), places)
        return merged

    def numbers(self) -> dict[str, float]:
        """Returns every number by name, and how many groups they stand on."""
        values = self.measure_set.numbers(self.sums)
        names = ["groups", *(f"groups/{name}" for name in self.measure_set.place_names)]
        counts = dict(zip(names, self.groups.counts(), strict=True))
        return {name: float(value) for name, value in values.items()} | counts

    def replicates(self) -> dict[str, npt.NDArray[np.float32]]:
        """Returns the replicates of every number, [replicates] by its name."""
        values = self.measure_set.numbers(self.drawn)
        return {name: value.astype(np.float32) for name, value in values.items()}

    def stored_sums(self) -> dict[str, Sums]:
        """Returns the sums by measure, from which curves and tables are drawn."""
        return self.measure_set.parts(self.sums)
