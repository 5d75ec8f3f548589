"""Intervals of shares, near 0 and near 1 too.

Where hardly a photo is missed, redrawing says too little: of 60 groups without a miss
every replicate has none, and yet one in fifty may be missed in truth. Wilson's interval
(1927, "Probable inference, the law of succession, and statistical inference") knows.
"""

from __future__ import annotations

import math

import numpy as np

from components.segmentation_metrics.bootstrap import (
    LEVEL,
    Interval,
    Replicates,
    interval,
    student_quantile,
)


def share_interval(
    share: float, values: Replicates, groups: float, level: float = LEVEL
) -> Interval:
    """Returns the wider of the bootstrap's interval and Wilson's, at either end.

    Wilson's asks for a number of independent draws. Photos of a group are alike, so it
    is the number that would spread as the replicates do; where they do not spread, the
    number of groups.

    Args:
        share: A count over another, 0..1.
        values: Its replicates.
        groups: Number of groups that it stands on.
        level: Share of all cases in which the interval should hold, 0..1.

    Example:
        >>> found = share_interval(0.0, np.zeros(400), groups=60)
        >>> found.low, round(found.high, 3)
        (0.0, 0.063)
    """
    redrawn = interval(values, groups, level)
    if not redrawn.is_known:
        return redrawn
    draws = _independent_draws(share, values, groups)
    z = student_quantile((1 + level) / 2, groups - 1)
    known = _wilson(share, draws, z)
    return Interval(low=min(known.low, redrawn.low), high=max(known.high, redrawn.high))


def _independent_draws(share: float, values: Replicates, groups: float) -> float:
    variance = float(np.nanvar(values))
    spread = share * (1 - share)
    return spread / variance if spread > 0 and variance > 0 else groups


def _wilson(share: float, draws: float, z: float) -> Interval:
    middle = share + z * z / (2 * draws)
    half = z * math.sqrt(share * (1 - share) / draws + (z / (2 * draws)) ** 2)
    whole = 1 + z * z / draws
    low, high = (middle - half) / whole, (middle + half) / whole
    # Rounding must not move an end across the share itself.
    return Interval(low=max(0.0, min(low, share)), high=min(1.0, max(high, share)))
