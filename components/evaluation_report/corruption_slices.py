"""What the model keeps of its score on spoiled photos, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from components.model_gate.intervals import known_interval
from components.model_gate.measurements import WHOLE, Measured, Numbers, SliceKey
from components.segmentation_metrics.bootstrap import Interval
from components.segmentation_metrics.corruption import (
    CORRUPTION_FEATURE,
    Corruption,
)
from components.segmentation_metrics.relative_performance import (
    RelativePerformance,
    relative_performance,
)

METRIC = "miou"


@dataclass(frozen=True, kw_only=True)
class KeptPerformance:
    """Relative performance, and that of each replicate.

    Attributes:
        found: Of the candidate; 1 where nothing is lost.
        drawn: The same of redrawn groups of test photos; empty where none were.
        groups: Groups that the numbers stand on; NaN where unknown.
    """

    found: RelativePerformance
    drawn: tuple[RelativePerformance, ...]
    groups: float

    def overall_interval(self) -> Interval | None:
        """Returns where the mean over kinds lies."""
        return self._interval([one.overall for one in self.drawn])

    def kind_interval(self, kind: str) -> Interval | None:
        """Returns where a kind's mean lies."""
        return self._interval([one.by_kind[kind] for one in self.drawn])

    def interval_of(self, corruption: Corruption) -> Interval | None:
        """Returns where one strength of a kind lies."""
        return self._interval([one.by_corruption[corruption] for one in self.drawn])

    def _interval(self, values: list[float]) -> Interval | None:
        return known_interval(np.array(values, np.float64), self.groups)


def kept_performance(measured: Measured) -> KeptPerformance | None:
    """Compares spoiled photos with clean ones; None where none were spoiled."""
    keys = [key for key in measured.numbers if is_corruption(key)]
    if not keys:
        return None
    numbers = {
        key: measured.numbers[key] for key in (WHOLE, *keys) if key in measured.numbers
    }
    return KeptPerformance(
        found=relative_performance(numbers, METRIC),
        drawn=_of_replicates(measured, numbers),
        groups=measured.groups_of(METRIC),
    )


def is_corruption(key: SliceKey) -> bool:
    """Returns whether a slice is one of spoiled copies.

    Example:
        >>> is_corruption((("corruption", "fog 2"),)), is_corruption(())
        (True, False)
    """
    if len(key) != 1 or key[0][0] != CORRUPTION_FEATURE:
        return False
    try:
        Corruption.from_label(key[0][1])
    except ValueError:  # a feature of the data that happens to have this name
        return False
    return True


def _of_replicates(
    measured: Measured, numbers: Numbers
) -> tuple[RelativePerformance, ...]:
    """Divides replicate by replicate: both have redrawn the same groups."""
    drawn: dict[SliceKey, npt.NDArray[np.float64]] = {}
    for key in numbers:
        values = measured.replicates_of(METRIC, key)
        if values is None:
            return ()
        drawn[key] = values
    count = min(len(values) for values in drawn.values())
    return tuple(
        relative_performance(
            {key: {METRIC: float(values[index])} for key, values in drawn.items()},
            METRIC,
        )
        for index in range(count)
    )
