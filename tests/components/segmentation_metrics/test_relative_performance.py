from __future__ import annotations

import doctest
import math

import numpy as np
import pytest

from components.segmentation_metrics import relative_performance as module
from components.segmentation_metrics.corruption import (
    KINDS,
    Corruption,
)
from components.segmentation_metrics.relative_performance import relative_performance


def slices(values: dict[str, float], clean: float = 0.8) -> dict:
    spoiled = {
        (("corruption", label),): {"miou": value, "examples": 3.0}
        for label, value in values.items()
    }
    others = {(("view", "front"),): {"miou": 0.1}}
    return {(): {"miou": clean}} | spoiled | others


def test_means_are_taken_over_strengths_then_over_kinds():
    found = relative_performance(slices({"fog 1": 0.4, "fog 5": 0.2, "snow 2": 0.6}))
    assert found.by_corruption == {
        Corruption("fog", 1): pytest.approx(0.5),
        Corruption("fog", 5): pytest.approx(0.25),
        Corruption("snow", 2): pytest.approx(0.75),
    }
    assert found.by_kind["fog"] == pytest.approx(0.375)
    assert found.by_kind["snow"] == pytest.approx(0.75)
    assert found.overall == pytest.approx(0.5625)  # not 0.5, the mean of the three


def test_with_every_strength_it_is_the_papers_quotient_of_means():
    rng = np.random.default_rng(4)
    values = {f"{kind} {s}": rng.random() for kind in KINDS for s in range(1, 6)}
    total = 0.0
    for kind in KINDS:
        total += sum(values[f"{kind} {s}"] for s in range(1, 6)) / 5
    expected = total / 7 / 0.64
    found = relative_performance(slices(values, clean=0.64))
    assert found.overall == pytest.approx(expected, abs=1e-12)


def test_what_was_not_measured_is_nan_and_counts_in_no_mean():
    found = relative_performance(slices({"fog 1": math.nan, "blur 1": 0.4}))
    assert math.isnan(found.by_corruption[Corruption("fog", 1)])
    measured = {kind for kind, value in found.by_kind.items() if not math.isnan(value)}
    assert (measured, set(found.by_kind)) == ({"blur"}, set(KINDS))
    assert found.overall == pytest.approx(0.5)


@pytest.mark.parametrize(
    "numbers",
    [
        {},
        slices({}),
        slices({"fog 1": 0.4}, clean=0.0),
        slices({"fog 1": 0.4}, clean=math.nan),
        {key: value for key, value in slices({"fog 1": 0.4}).items() if key},
    ],
    ids=["nothing", "no copies", "clean 0", "clean nan", "no whole"],
)
def test_without_two_numbers_to_compare_there_is_none(numbers):
    assert math.isnan(relative_performance(numbers).overall)


def test_another_number_can_be_compared_and_crossed_slices_are_left_out():
    numbers = slices({"fog 1": 0.4})
    numbers[()]["dice"] = 0.5
    numbers[(("corruption", "fog 1"),)]["dice"] = 0.25
    numbers[(("corruption", "fog 2"), ("view", "front"))] = {"dice": 0.01}
    assert relative_performance(numbers, "dice").overall == pytest.approx(0.5)


def test_a_slice_of_an_unknown_corruption_is_refused():
    with pytest.raises(ValueError, match=r"must be one of .* got 'hail'"):
        relative_performance(slices({"hail 1": 0.3}))


def test_examples_hold():
    assert doctest.testmod(module) == (0, 3)
