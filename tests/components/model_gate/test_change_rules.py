"""Change is judged by the interval of the paired difference, not by chance."""

from __future__ import annotations

import numpy as np
import pytest

from components.model_gate.change_rules import judge_changes
from components.model_gate.measurements import Baseline, Measured
from components.model_gate.rule_result import RuleResult
from components.model_gate.thresholds import (
    ChangeThreshold,
    GateThresholds,
    ValueThreshold,
)
from components.model_gate.value_rules import judge_values
from tests.components.model_gate.made_numbers import GOOD, NAMES

GROUPS = {"groups": 50.0, "groups/car": 50.0, "groups/wheel": 4.0}
FRONT = (("view", "front"),)
# Hard and easy photos move both models alike; that is not the models' difference.
SHARED = np.random.default_rng(0).normal(0, 0.1, 400)


def model(value: float, own_noise: float = 0.0, seed: int = 1) -> Measured:
    own = np.random.default_rng(seed).normal(0, own_noise, 400)
    drawn = {
        "miou": value + SHARED + own,
        "iou/car": value + SHARED + own,
        "iou/wheel": value + SHARED + own,
    }
    named = dict.fromkeys(drawn, value)
    return Measured(
        numbers={(): GOOD | named | GROUPS, FRONT: GOOD | named | {"groups": 7.0}},
        replicates={(): drawn, FRONT: drawn},
    )


def judged(candidate: Measured, before: Measured, **fields: object) -> RuleResult:
    threshold = ChangeThreshold(**({"metric": "miou", "margin": 0.02} | fields))
    (result,) = judge_changes(
        candidate,
        Baseline(before),
        GateThresholds(changes=(threshold,)),
        NAMES,
    )
    return result


def test_an_equal_model_passes_without_a_margin() -> None:
    result = judged(model(0.8), model(0.8), margin=0.0)

    assert result.passed is True
    assert result.sentence == (
        "miou on all test photos is 0.8000, of the live model 0.8000: +0.0000"
        " (95 % interval +0.0000 to +0.0000), within the margin of 0."
    )


def test_what_both_models_share_is_no_difference() -> None:
    result = judged(model(0.79), model(0.80))

    assert result.passed is True
    assert result.interval is not None
    assert (result.interval.low, result.interval.high) == pytest.approx((-0.01, -0.01))


def test_worse_within_noise_passes_only_where_the_interval_is_within_the_margin() -> (
    None
):
    sure = judged(model(0.795, 0.004), model(0.80))
    unsure = judged(model(0.795, 0.03), model(0.80))

    assert sure.passed is True
    assert unsure.passed is False
    assert unsure.interval is not None
    assert unsure.interval.low < -0.02 < unsure.change < unsure.interval.high
    assert unsure.sentence.endswith(
        f" so it may be worse by {-unsure.interval.low:.4f}, allowed is 0.02. More"
        " groups of test photos would tell."
    )


def test_better_within_noise_is_not_enough_where_an_improvement_is_wanted() -> None:
    wanted = {"margin": -0.005}

    noisy = judged(model(0.81, 0.02), model(0.80), **wanted)
    clear = judged(model(0.81, 0.001), model(0.80), **wanted)

    assert noisy.passed is False
    assert noisy.sentence.endswith("but at least 0.005 better is wanted.")
    assert clear.passed is True


def test_a_clear_loss_says_how_large() -> None:
    result = judged(model(0.75, 0.001), model(0.80))

    assert result.passed is False
    assert "-0.0500 (95 % interval -0.05" in result.sentence
    assert result.sentence.endswith("worse by 0.0500, allowed is 0.02.")
    assert result.to_dict()["change"] == pytest.approx(-0.05)
    assert result.to_dict()["groups"] == 50.0
    assert len(result.to_dict()["interval"]) == 2


@pytest.mark.parametrize(
    ("fields", "name", "place", "groups"),
    [
        ({"metric": "iou", "class_name": "wheel"}, "iou/wheel", "all test photos", 4),
        ({"slice": {"view": "front"}}, "miou", "photos with view=front", 7),
    ],
    ids=["class", "slice"],
)
def test_too_few_groups_are_reported_and_not_judged(
    fields: dict[str, object], name: str, place: str, groups: int
) -> None:
    result = judged(model(0.2), model(0.8), **fields)

    assert result.passed is None
    assert result.sentence == (
        f"{name} on {place} is 0.2000; it was not judged, for it stands on {groups}"
        " groups of photos, and 10 are wanted."
    )


def test_a_value_of_a_rare_class_is_reported_and_one_of_a_common_class_judged() -> None:
    thresholds = GateThresholds(
        values=(ValueThreshold(metric="iou", class_name="*", at_least=0.9),),
        min_groups=5,
    )

    results = {
        result.metric: result
        for result in judge_values(model(0.5), thresholds, ("car", "wheel"))
    }

    assert results["iou/wheel"].passed is None
    assert results["iou/car"].passed is False
    interval = results["iou/car"].interval
    assert interval is not None and interval.low < 0.5 < interval.high
    assert results["iou/car"].sentence == (
        f"iou/car on all test photos is 0.5000 (95 % interval {interval.low:.4f} to"
        f" {interval.high:.4f}), but wanted is at least 0.9."
    )


def test_without_replicates_the_numbers_alone_decide() -> None:
    plain = Measured(numbers=model(0.79).numbers)

    result = judged(plain, model(0.80))

    assert (result.passed, result.interval) == (True, None)
    assert "interval" not in result.sentence


def test_where_groups_were_not_counted_the_numbers_alone_decide() -> None:
    drawn = model(0.79)
    uncounted = Measured(
        numbers={(): GOOD | {"miou": 0.79}}, replicates=drawn.replicates
    )
    wanted = GateThresholds(values=(ValueThreshold(metric="miou", at_least=0.7),))

    change = judged(uncounted, model(0.80))
    (value,) = judge_values(uncounted, wanted, NAMES)

    assert (change.passed, change.interval) == (True, None)
    assert (value.passed, value.interval) == (True, None)
    assert (
        value.sentence == "miou on all test photos is 0.7900, as wanted at least 0.7."
    )


def test_no_group_at_all_is_refused_as_a_bound() -> None:
    with pytest.raises(ValueError, match="min_groups must be 1 or more, got 0"):
        GateThresholds(min_groups=0)


def test_a_number_of_a_threshold_stands_on_all_groups() -> None:
    numbers = {(): GROUPS | {"missed_share/0.9": 0.1}}

    measured = Measured(numbers=numbers)

    assert measured.groups_of("missed_share/0.9", ()) == 50
    assert measured.groups_of("iou/wheel", ()) == 4
