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


def drawn_model(name: str, value: float, noise: float = 0.0) -> Measured:
    """A model with one number, whose replicates are its value and some noise."""
    own = np.random.default_rng(3).normal(0, noise, 400)
    return Measured(
        numbers={(): GOOD | GROUPS | {name: value}},
        replicates={(): {name: value + own}},
    )


@pytest.mark.parametrize(
    "name",
    ["ece", "count_error/car", "missed_share/0.9", "false_alarm_share/0.5"],
)
def test_of_errors_less_is_better(name: str) -> None:
    metric, _, class_name = name.partition("/")
    fields = {"metric": metric, "class_name": class_name or None, "margin": 0.01}
    few, many = drawn_model(name, 0.02, 0.001), drawn_model(name, 0.30)

    better, worse = judged(few, many, **fields), judged(many, few, **fields)

    assert better.passed is True
    assert (better.bound, better.change) == pytest.approx((0.31, -0.28))
    assert worse.passed is False
    assert (worse.bound, worse.change) == pytest.approx((0.03, 0.28))
    assert "of the live model 0.0200 (lower is better): +0.2800" in worse.sentence
    assert worse.sentence.endswith("worse by 0.2800, allowed is 0.01.")


@pytest.mark.parametrize("metric", ["object_recall_small", "auto_share/0.9", "iou"])
def test_of_scores_more_is_better(metric: str) -> None:
    fields = {"metric": metric, "margin": 0.01}
    poor, good = drawn_model(metric, 0.02), drawn_model(metric, 0.30)

    assert judged(poor, good, **fields).passed is False
    assert judged(good, poor, **fields).passed is True


def test_an_error_that_may_have_grown_is_judged_by_the_high_end() -> None:
    result = judged(
        drawn_model("ece", 0.05, 0.02), drawn_model("ece", 0.05), metric="ece"
    )

    assert result.passed is False
    assert result.interval is not None
    assert result.interval.high > 0.02
    assert f"may be worse by {result.interval.high:.4f}, allowed" in result.sentence


def test_less_of_an_error_may_be_demanded() -> None:
    wanted = {"metric": "ece", "margin": -0.02}
    before = drawn_model("ece", 0.10)

    assert judged(drawn_model("ece", 0.07), before, **wanted).passed is True
    assert judged(drawn_model("ece", 0.09), before, **wanted).passed is False
    assert judged(drawn_model("ece", 0.13), before, **wanted).passed is False


@pytest.mark.parametrize(
    ("metric", "why"),
    [
        ("count_bias", "near 0 is better"),
        ("overconfidence", "near 0 is better"),
        ("groups/car", "it is no score"),
    ],
)
def test_a_change_of_what_has_no_better_side_is_refused(metric: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"got '{metric}': {why}; bound it with"):
        ChangeThreshold(metric=metric)


def test_recall_of_a_size_on_few_groups_is_not_judged_though_all_photos_are() -> None:
    thresholds = GateThresholds(
        values=(ValueThreshold(metric="object_recall_small", at_least=0.9),)
    )
    numbers = GOOD | GROUPS | {"object_recall_small": 0.5}

    (judged_value,) = judge_values(Measured(numbers={(): numbers}), thresholds, NAMES)
    own = numbers | {"groups/object_recall_small": 3.0}
    (reported,) = judge_values(Measured(numbers={(): own}), thresholds, NAMES)

    assert judged_value.passed is False
    assert reported.passed is None
    assert "it stands on 3 groups of photos, and 10 are wanted" in reported.sentence
