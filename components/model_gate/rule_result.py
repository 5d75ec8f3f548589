"""What one rule found: the number, the bound, and a sentence a person can read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from components.segmentation_metrics.bootstrap import Interval


@dataclass(frozen=True, kw_only=True)
class RuleResult:
    """One rule's finding.

    Attributes:
        rule: Name of the rule, stable for programs.
        passed: None where the rule could not be judged; that refuses nobody.
        sentence: What was found, in words.
        number: What was measured; NaN or None where there is none.
        bound: What it was compared with.
        reference: Number of what the model was held against: of the live model, or of
            the mask that ignores the photo.
        metric: Name of the number, where the rule is about one.
        slice: Which photos, where not all.
        change: Difference to the live model, where the rule is about it.
        interval: 95 % interval of the number, or of the change.
        groups: Groups of photos (cars, cases) that the number stands on.
    """

    rule: str
    passed: bool | None
    sentence: str
    number: float | None = None
    bound: float | None = None
    reference: float | None = None
    metric: str | None = None
    slice: tuple[tuple[str, str], ...] = ()
    change: float | None = None
    interval: Interval | None = None
    groups: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form; NaN becomes null."""
        return {
            "rule": self.rule,
            "metric": self.metric,
            "slice": dict(self.slice),
            "number": _or_null(self.number),
            "bound": _or_null(self.bound),
            "reference": _or_null(self.reference),
            "change": _or_null(self.change),
            "interval": _ends(self.interval),
            "groups": _or_null(self.groups),
            "passed": self.passed,
            "sentence": self.sentence,
        }


def _ends(interval: Interval | None) -> list[float] | None:
    return [interval.low, interval.high] if interval else None


def _or_null(number: float | None) -> float | None:
    return None if number is None or math.isnan(number) else number
