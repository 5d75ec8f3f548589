"""How sure a number is, and how sure its change: intervals by redrawn groups."""

from __future__ import annotations

import math

from components.model_gate.measurements import WHOLE, Measured, SliceKey
from components.segmentation_metrics.bootstrap import Interval, Replicates, interval
from components.segmentation_metrics.number_kinds import kind_of
from components.segmentation_metrics.share_interval import share_interval


def number_interval(
    measured: Measured, name: str, key: SliceKey = WHOLE
) -> Interval | None:
    """Returns the 95 % interval of a number; None where nothing can be said."""
    number = measured.numbers.get(key, {}).get(name, math.nan)
    replicates = measured.replicates_of(name, key)
    if replicates is None or math.isnan(number):
        return None
    groups = measured.groups_of(name, key)
    kind = kind_of(name)
    if kind and kind.is_share:
        found = share_interval(number, replicates, groups)
        return found if found.is_known else None
    return known_interval(replicates, groups)


def paired_interval(
    measured: Measured, before: Measured, name: str, key: SliceKey = WHOLE
) -> Interval | None:
    """Returns where a number less that of `before` lies; None where it is not known.

    Both models saw the same photos, and the replicates of both redraw the same groups:
    the difference is taken replicate by replicate, so that what makes photos hard
    cancels out.
    """
    ours, theirs = measured.replicates_of(name, key), before.replicates_of(name, key)
    if ours is None or theirs is None or ours.shape != theirs.shape:
        return None
    return known_interval(ours - theirs, measured.groups_of(name, key))


def known_interval(values: Replicates, groups: float) -> Interval | None:
    """Returns the interval of replicates; None where nothing can be said."""
    found = interval(values, groups)
    return found if found.is_known else None
