"""How far two models lie apart, as far as the test photos can tell.

Both saw the same photos, and the replicates of both redraw the same groups: the
difference is taken replicate by replicate, so that what makes photos hard cancels out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from components.evaluation_report.number_intervals import is_on_few, number_change
from components.model_gate.measurements import SliceKey
from components.model_gate.thresholds import MIN_GROUPS
from components.run_comparison.compared_model import ComparedModel
from components.segmentation_metrics.bootstrap import Interval

BETTER = "better"
WORSE = "worse"
NOT_SHOWN = "no difference shown"
TOO_FEW = "too few groups"
NOT_KNOWN = "not known"
_ROUNDING = 1e-6  # replicates are stored with 32 bits


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A model's number minus the first model's; more is better.

    Attributes:
        change: NaN where one of them has none.
        interval: Where it lies; None where nothing was redrawn.
        groups: Groups of test photos that it stands on.
        min_groups: Fewer are too few.
    """

    change: float
    interval: Interval | None
    groups: float
    min_groups: int = MIN_GROUPS

    @property
    def word(self) -> str:
        """What it shows; a difference is shown where its interval leaves out 0."""
        if math.isnan(self.change) or self.interval is None:
            return NOT_KNOWN
        if is_on_few(self.groups, self.min_groups):
            return TOO_FEW
        if self.interval.low > _ROUNDING:
            return BETTER
        return WORSE if self.interval.high < -_ROUNDING else NOT_SHOWN

    @property
    def at_least(self) -> float:
        """How large the difference is at least, 0 where none is shown."""
        if self.word not in (BETTER, WORSE):
            return 0.0
        assert self.interval is not None, "the word follows from it"
        return max(self.interval.low, -self.interval.high)

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form."""
        known = self.interval
        return {
            "change": None if math.isnan(self.change) else self.change,
            "low": known.low if known else None,
            "high": known.high if known else None,
            "word": self.word,
        }


def difference(
    model: ComparedModel, first: ComparedModel, name: str, key: SliceKey = ()
) -> Difference:
    """Returns a model's number minus the first one's, of a slice or the whole."""
    found = number_change(model.measured, first.measured, name, key)
    return Difference(
        change=found.difference if found else math.nan,
        interval=found.interval if found else None,
        groups=model.measured.groups_of(name, key),
        min_groups=max(model.min_groups, first.min_groups),
    )


def largest_slices(
    model: ComparedModel, first: ComparedModel, name: str
) -> list[tuple[SliceKey, Difference]]:
    """Returns the slices of both, those first where they differ most for certain.

    Sorted by what a difference is at least: a slice of three photos may differ by much
    and show nothing.
    """
    numbers, before = model.measured.numbers, first.measured.numbers
    found = [
        (key, difference(model, first, name, key))
        for key in numbers
        if key and key in before
    ]
    return sorted(
        (entry for entry in found if not math.isnan(entry[1].change)),
        key=lambda entry: (-entry[1].at_least, -abs(entry[1].change), entry[0]),
    )
