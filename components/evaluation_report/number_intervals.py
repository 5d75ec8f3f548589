"""How far a number moved, and whether it stands on few groups of photos."""

from __future__ import annotations

import math
from dataclasses import dataclass

from components.model_gate.intervals import paired_interval
from components.model_gate.measurements import WHOLE, Measured, SliceKey
from components.model_gate.thresholds import MIN_GROUPS
from components.segmentation_metrics.bootstrap import Interval


@dataclass(frozen=True, kw_only=True)
class Change:
    """A number less that of the live model, on the same photos.

    Attributes:
        difference: Above 0 where the number rose.
        interval: Of the difference, group by group; None where it is not known.
    """

    difference: float
    interval: Interval | None


def number_change(
    measured: Measured, before: Measured, name: str, key: SliceKey = WHOLE
) -> Change | None:
    """Returns how far a number moved; None where either model has none."""
    now = measured.numbers.get(key, {}).get(name, math.nan)
    difference = now - before.numbers.get(key, {}).get(name, math.nan)
    if math.isnan(difference):
        return None
    known = paired_interval(measured, before, name, key)
    return Change(difference=difference, interval=known)


def is_on_few(groups: float, least: int = MIN_GROUPS) -> bool:
    """Returns whether a number stands on few groups; unknown is not few.

    Args:
        groups: Groups that it stands on.
        least: As many are enough; the gate's `min_groups`.

    Example:
        >>> is_on_few(9), is_on_few(10), is_on_few(math.nan)
        (True, False, False)
    """
    return groups < least
