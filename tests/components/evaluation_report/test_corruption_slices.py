from __future__ import annotations

import math

import numpy as np
import pytest

from components.evaluation_report.corruption_slices import (
    is_corruption,
    kept_performance,
)
from components.model_gate.measurements import Measured
from components.segmentation_metrics.corruptions import Corruption

FOG_1, FOG_4, JPEG_2 = (
    (("corruption", label),) for label in ("fog 1", "fog 4", "jpeg 2")
)
NUMBERS = {
    (): {"miou": 0.8, "groups": 1e9},
    FOG_1: {"miou": 0.6},
    FOG_4: {"miou": 0.2},
    JPEG_2: {"miou": 0.72},
    (("view", "front"),): {"miou": 0.5},
}


def test_kinds_are_means_of_strengths_and_all_a_mean_of_kinds() -> None:
    kept = kept_performance(Measured(numbers=NUMBERS))

    assert kept is not None
    assert kept.found.by_kind["fog"] == pytest.approx((0.6 / 0.8 + 0.2 / 0.8) / 2)
    assert kept.found.overall == pytest.approx((0.5 + 0.9) / 2)
    assert kept.overall_interval() is None


def test_intervals_are_of_ratios_replicate_by_replicate() -> None:
    clean = np.random.default_rng(1).uniform(0.6, 0.9, 200)
    shares = {(): 1.0, FOG_1: 0.75, FOG_4: 0.25, JPEG_2: 0.9}
    drawn = {key: {"miou": clean * share} for key, share in shares.items()}

    kept = kept_performance(Measured(numbers=NUMBERS, replicates=drawn))

    # However hard the photos of a replicate are, the same share of it is lost.
    assert kept is not None
    for known, share in (
        (kept.interval_of(Corruption("fog", 4)), 0.25),
        (kept.kind_interval("fog"), 0.5),
        (kept.overall_interval(), 0.7),
    ):
        assert known is not None
        assert (known.low, known.high) == pytest.approx((share, share))


def test_without_spoiled_photos_there_is_nothing() -> None:
    assert kept_performance(Measured(numbers={(): {"miou": 0.5}})) is None


def test_a_model_that_finds_nothing_keeps_nothing_that_could_be_told() -> None:
    numbers = {(): {"miou": 0.0, "groups": 20.0}, FOG_1: {"miou": 0.0}}

    kept = kept_performance(Measured(numbers=numbers))

    assert kept is not None and math.isnan(kept.found.overall)


def test_a_feature_of_the_data_with_that_name_is_no_spoiled_copy() -> None:
    assert not is_corruption((("corruption", "heavy"),))
    assert not is_corruption((("corruption", "fog 9"),))
    assert not is_corruption((("corruption", "fog 1"), ("view", "front")))
