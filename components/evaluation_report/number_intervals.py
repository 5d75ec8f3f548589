"""How sure a number is: its interval, and that of its change."""

from __future__ import annotations

import math
from dataclasses import dataclass

from components.model_gate.change_rules import paired_interval
from components.model_gate.measurements import WHOLE, Measured, SliceKey
from components.segmentation_metrics.bootstrap import Interval, interval

FEW_GROUPS = 10  # on fewer, a number says little of other photos


@dataclass(frozen=True, kw_only=True)
class Change:
    """A number less that of the model blessed last, on the same photos.

    Attributes:
        difference: Above 0 where the number rose.
        interval: Of the difference, group by group; None where it is not known.
    """

    difference: float
    interval: Interval | None


def number_interval(
    measured: Measured, name: str, key: SliceKey = WHOLE
) -> Interval | None:
    """Returns the 95 % interval of a number; None where nothing can be said."""
    if math.isnan(measured.numbers.get(key, {}).get(name, math.nan)):
        return None
    replicates = measured.replicates_of(name, key)
    groups = groups_of(measured, name, key)
    if replicates is None or math.isnan(groups):
        return None
    found = interval(replicates, groups)
    return found if found.is_known else None


def number_change(
    measured: Measured, before: Measured, name: str, key: SliceKey = WHOLE
) -> Change | None:
    """Returns how far a number moved; None where either model has none."""
    now = measured.numbers.get(key, {}).get(name, math.nan)
    difference = now - before.numbers.get(key, {}).get(name, math.nan)
    if math.isnan(difference):
        return None
    known = None
    if not math.isnan(measured.groups_of(name, key)):
        known = paired_interval(measured, before, name, key)
    return Change(difference=difference, interval=known)


def groups_of(measured: Measured, name: str, key: SliceKey = WHOLE) -> float:
    """Returns how many groups of photos a number stands on; NaN where unknown.

    What follows the slash of a name is a class, or a threshold: that one stands on all
    groups.
    """
    groups = measured.groups_of(name, key)
    if math.isnan(groups):
        return measured.numbers.get(key, {}).get("groups", math.nan)
    return groups


def is_on_few(groups: float) -> bool:
    """Returns whether a number stands on few groups; unknown is not few.

    Example:
        >>> is_on_few(9), is_on_few(10), is_on_few(math.nan)
        (True, False, False)
    """
    return groups < FEW_GROUPS
