"""Intervals hold as often as they say, and do not depend on order."""

from __future__ import annotations

import math

import numpy as np
import pytest

from components.segmentation_metrics.bootstrap import interval, replicate_weights
from components.segmentation_metrics.measure import ratio


def simulated_cover(groups: int, sets: int = 500) -> float:
    """Share of simulated sets whose interval holds the population's IoU.

    A group is a car: some are easy for the model, some are not, and all its photos
    with it. Photos of a car have areas and errors of their own.
    """
    rng = np.random.default_rng(groups)
    held = 0
    truth = 0.8 / (0.8 + 0.35)  # see below: means of hits and of misses
    for number in range(sets):
        photos = rng.integers(1, 5, groups)
        area = rng.gamma(4, 0.25, groups) * photos
        ease = rng.beta(8, 2, groups)  # mean 0.8
        hits = ease * area
        misses = area * rng.gamma(2, 0.175, groups)  # mean 0.35
        weights = np.stack(
            [replicate_weights(f"{number} {car}".encode()) for car in range(groups)], 1
        ).astype(float)
        values = ratio(weights @ hits, weights @ (hits + misses))
        found = interval(values, groups)
        held += found.low <= truth <= found.high
    return held / sets


@pytest.mark.parametrize("groups", [12, 60])
def test_95_percent_intervals_hold_in_92_to_98_percent_of_sets(groups: int) -> None:
    assert 0.92 <= simulated_cover(groups) <= 0.98


def test_the_weights_of_a_group_are_its_own_and_average_one() -> None:
    first, again = (replicate_weights(b"car 1", 2000) for _ in range(2))
    other = replicate_weights(b"car 2", 2000)

    np.testing.assert_array_equal(first, again)
    assert abs(np.corrcoef(first, other)[0, 1]) < 0.1
    assert first.mean() == pytest.approx(1.0, abs=0.1)
    assert first.var() == pytest.approx(1.0, abs=0.15)


def test_percentiles_of_many_groups_are_plain_ones() -> None:
    values = np.random.default_rng(0).permutation(np.linspace(0.0, 1.0, 9999))

    found = interval(values, groups=1e9)

    assert (found.low, found.high) == pytest.approx((0.025, 0.975), abs=2e-4)


@pytest.mark.parametrize(
    ("groups", "student"), [(5, 2.776), (10, 2.262), (31, 2.042), (121, 1.980)]
)
def test_few_groups_widen_the_interval_as_student_does(
    groups: int, student: float
) -> None:
    values = np.random.default_rng(0).normal(size=200_000)

    found = interval(values, groups)

    assert found.high == pytest.approx(student, rel=0.03)
    assert found.low == pytest.approx(-student, rel=0.03)


def test_replicates_without_the_class_are_left_out() -> None:
    values = np.append(np.full(50, 0.25), np.full(50, math.nan))

    found = interval(values, groups=20)

    assert (found.low, found.high) == (0.25, 0.25)


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        ([math.nan, math.nan], 50),
        ([], 50),
        ([0.1, 0.2, 0.3], 1),
        ([0.1, 0.2, 0.3], math.nan),
    ],
    ids=["never there", "no replicates", "one group", "groups not counted"],
)
def test_nothing_is_said_where_nothing_is_known(
    values: list[float], groups: float
) -> None:
    found = interval(np.array(values), groups)

    assert math.isnan(found.low)
    assert math.isnan(found.high)
