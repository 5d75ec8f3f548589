"""How much of its performance a model keeps on spoiled photos.

The relative performance under corruption, rPC (Michaelis et al. 2019), by which Pasupa
et al. (2021) rank models of car parts: a number on spoiled photos divided by the same
number on the photos as they are, mean over the strengths of a kind, then over kinds.
Their mean performance, mPC, is `overall` times the number on the photos as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from components.segmentation_metrics.corruption import (
    CORRUPTION_FEATURE,
    KINDS,
    Corruption,
)

SliceKey = tuple[tuple[str, str], ...]  # (feature, value) pairs; () is the whole


@dataclass(frozen=True, kw_only=True)
class RelativePerformance:
    """1 where nothing is lost, 0 where all is; NaN where it was not measured.

    Attributes:
        overall: Mean over the kinds that were measured.
        by_kind: Mean over the measured strengths of each kind, all kinds listed.
        by_corruption: Every measured kind and strength.
    """

    overall: float
    by_kind: Mapping[str, float]
    by_corruption: Mapping[Corruption, float]


def relative_performance(
    numbers: Mapping[SliceKey, Mapping[str, float]], metric: str = "miou"
) -> RelativePerformance:
    """Compares the slices of `corruption` with the whole.

    Args:
        numbers: Numbers by name, by slice; the whole holds the photos as they are.
        metric: Name of a number that is better when higher, and 0 at its worst.

    Raises:
        ValueError: A slice of `corruption` names none that is known.

    Example:
        >>> found = relative_performance(
        ...     {
        ...         (): {"miou": 0.5},
        ...         (("corruption", "fog 1"),): {"miou": 0.375},
        ...         (("corruption", "fog 2"),): {"miou": 0.125},
        ...     }
        ... )
        >>> found.by_kind["fog"]
        0.5
        >>> found.by_kind["snow"]
        nan
    """
    clean = numbers.get((), {}).get(metric, math.nan)
    by_corruption = {
        Corruption.from_label(key[0][1]): _ratio(of_slice.get(metric, math.nan), clean)
        for key, of_slice in numbers.items()
        if len(key) == 1 and key[0][0] == CORRUPTION_FEATURE
    }
    by_kind = {
        kind: _mean(
            value
            for corruption, value in by_corruption.items()
            if corruption.kind == kind
        )
        for kind in KINDS
    }
    return RelativePerformance(
        overall=_mean(by_kind.values()),
        by_kind=by_kind,
        by_corruption=dict(sorted(by_corruption.items())),
    )


def _ratio(spoiled: float, clean: float) -> float:
    return spoiled / clean if clean > 0 else math.nan


def _mean(values: Iterable[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan
