"""Intervals by redrawing groups: what other cars or cases would have given.

Photos of one car are alike, so the unit is the group, not the photo. Each group gets a
Poisson(1) weight per replicate that depends on its id alone: replicates can be added up
in any order by any number of workers, and two models that saw the same photos have the
same weights, so that the difference of their replicates is paired (Chamandy et al.,
2012, "Estimating uncertainty for massive data streams").
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

REPLICATES = 400
LEVEL = 0.95

Weights = npt.NDArray[np.uint8]  # [replicates]
Replicates = npt.NDArray[np.float64]  # [replicates], of one number


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Where a number would lie for other groups of the same kind.

    Attributes:
        low: Lower end; NaN where nothing can be said.
        high: Upper end.
    """

    low: float
    high: float

    @property
    def is_known(self) -> bool:
        """Whether anything can be said."""
        return not math.isnan(self.low)


@lru_cache(maxsize=4096)
def replicate_weights(group_id: bytes, replicates: int = REPLICATES) -> Weights:
    """Returns how often each replicate draws a group, the same for the same id.

    Example:
        >>> replicate_weights(b"car 1", 8).shape
        (8,)
    """
    digest = hashlib.sha256(group_id).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:16], "big"))
    weights = rng.poisson(1.0, replicates).astype(np.uint8)
    weights.flags.writeable = False  # the cache hands out the same one again
    return weights


def interval(values: Replicates, groups: float, level: float = LEVEL) -> Interval:
    """Returns the percentile interval, widened for few groups.

    Percentiles of few groups are too narrow; they are moved out as far as Student's
    distribution is wider than the normal one (Hesterberg, 2015, "What teachers should
    know about the bootstrap").

    Args:
        values: Replicates of a number, or of a difference; NaN (a replicate without
            the class) is left out.
        groups: Number of groups that the number stands on; nothing is known of fewer
            than two, and where it is NaN.
        level: Share of all cases in which the interval should hold, 0..1.

    Example:
        >>> round(interval(np.linspace(0, 1, 999), groups=1e9, level=0.9).low, 3)
        0.049
    """
    known = values[~np.isnan(values)]
    if not known.size or not groups >= 2:
        return Interval(low=math.nan, high=math.nan)
    tail = NormalDist().cdf(-student_quantile((1 + level) / 2, groups - 1))
    # Weibull's places: with a few hundred replicates numpy's own lie too far in.
    low, high = np.quantile(known, [tail, 1 - tail], method="weibull")
    return Interval(low=float(low), high=float(high))


def student_quantile(share: float, freedom: float) -> float:
    """Returns Student's quantile by its expansion (Abramowitz and Stegun, 26.7.5)."""
    x = NormalDist().inv_cdf(share)
    first = (x**3 + x) / 4
    second = (5 * x**5 + 16 * x**3 + 3 * x) / 96
    third = (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384
    return x + first / freedom + second / freedom**2 + third / freedom**3
