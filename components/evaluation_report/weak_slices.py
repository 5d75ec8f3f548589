"""Chooses the slices whose photos are worth a look: the weakest of every feature."""

from __future__ import annotations

import math

from components.evaluation_report.corruption_slices import is_corruption
from components.evaluation_report.number_intervals import is_on_few
from components.model_gate.measurements import Numbers, SliceKey
from components.model_gate.thresholds import MIN_GROUPS

METRIC = "foreground_miou"
PER_FEATURE = 2
MOST_SLICES = 12


def weakest_slices(numbers: Numbers, least: int = MIN_GROUPS) -> list[SliceKey]:
    """Returns at most two slices per feature, and never all of a feature's.

    A slice on few groups is taken only where others do not suffice: it may be weak by
    chance. Spoiled copies are no photos of the test split.

    Args:
        numbers: Of the candidate.
        least: As many groups are not few.
    """
    by_feature: dict[tuple[str, ...], list[SliceKey]] = {}
    for key in sorted(numbers):
        if key and not is_corruption(key) and not math.isnan(_score(numbers, key)):
            by_feature.setdefault(tuple(name for name, _ in key), []).append(key)
    chosen = [
        key for keys in by_feature.values() for key in _weakest_of(numbers, keys, least)
    ]
    if len(chosen) <= MOST_SLICES:
        return chosen
    return sorted(chosen, key=lambda key: _score(numbers, key))[:MOST_SLICES]


def _weakest_of(numbers: Numbers, keys: list[SliceKey], least: int) -> list[SliceKey]:
    sure = [
        key
        for key in keys
        if not is_on_few(numbers[key].get("groups", math.nan), least)
    ]
    candidates = sure if len(sure) > 1 else keys
    ordered = sorted(candidates, key=lambda key: (_score(numbers, key), key))
    return ordered[: min(PER_FEATURE, len(ordered) - 1)]


def _score(numbers: Numbers, key: SliceKey) -> float:
    return numbers[key].get(METRIC, math.nan)
