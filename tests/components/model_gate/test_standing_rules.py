import math

import numpy as np
import pytest

from components.model_gate.measurements import MeanMask, Measured
from components.model_gate.standing_rules import judge_standing_rules
from components.model_gate.thresholds import GateThresholds, ValueThreshold
from components.model_gate.value_rules import judge_values
from tests.components.model_gate.made_numbers import (
    MEAN_MASK,
    NAMES,
    NO_FOREGROUND,
    measured,
    numbers,
    only_car,
)


def judge(candidate, mean_mask=MEAN_MASK, margin=0.01):
    results = judge_standing_rules(candidate, mean_mask, margin)
    return {result.rule: result for result in results}


def refused(results):
    return [name for name, result in results.items() if result.passed is False]


def test_a_model_that_looks_passes_every_rule():
    results = judge(numbers())
    assert [result.passed for result in results.values()] == [True] * 4
    assert results["mean_mask"].sentence == (
        "The model beats the training set's mean mask, which ignores the photo:"
        " foreground mIoU 0.7500 against 0.3000 and a margin of 0.01."
    )


def judge_score(candidate, metric):
    wanted = GateThresholds(values=(ValueThreshold(metric=metric, at_least=0.4),))
    (score,) = judge_values(Measured(numbers=candidate), wanted, NAMES)
    return score


@pytest.mark.parametrize("metric", ["miou", "pixel_accuracy"])
def test_all_background_is_refused_though_its_score_passes_a_threshold(metric):
    candidate = measured(np.zeros_like, only_car)
    accuracy = candidate[()]["pixel_accuracy"]
    assert accuracy == candidate[()]["all_background_accuracy"] == 0.98
    assert judge_score(candidate, metric).passed
    results = judge(candidate, NO_FOREGROUND)
    assert refused(results) == ["background_only"]
    assert results["background_only"].sentence == (
        "The model says background everywhere: it predicts 0 px of foreground where the"
        " truth has 1,600 px. Its mIoU of 0.4900 and pixel accuracy of 0.9800 come from"
        " the background alone."
    )


def test_a_constant_mask_is_refused_though_its_score_passes_a_threshold():
    def corner(truth):
        prediction = np.zeros_like(truth)
        prediction[:10, :10] = 1
        return prediction

    candidate = measured(corner, only_car)
    assert judge_score(candidate, "miou").passed
    assert refused(judge(candidate, NO_FOREGROUND)) == ["constant_mask"]


def test_a_single_pixel_of_foreground_does_not_make_a_model():
    def one_pixel(truth):
        prediction = np.zeros_like(truth)
        prediction[0, 0] = int(truth[5:, 5:].any() and truth.sum() % 7 == 0)
        return prediction

    results = judge(numbers(predicted_foreground_px=0.9))
    assert refused(results) == ["background_only"]
    assert refused(judge(numbers(predicted_foreground_px=1.0))) == []
    assert "background_only" in refused(judge(measured(one_pixel), NO_FOREGROUND))


@pytest.mark.parametrize("fill", [1, 2, 255], ids=["car", "wheel", "void"])
def test_one_class_for_every_photo_is_refused(fill):
    results = judge(measured(lambda truth: np.full_like(truth, fill)), NO_FOREGROUND)
    assert refused(results) == ["constant_mask"]
    assert results["constant_mask"].sentence == (
        "The model fills every photo with one class: 8 of 8 predicted masks hold a"
        " single id, of the true ones 0."
    )


def test_one_mask_for_every_photo_is_refused():
    blob = np.zeros((100, 100), np.uint8)
    blob[40:60, 30:70] = 1
    results = judge(measured(lambda truth: blob), NO_FOREGROUND)
    assert refused(results) == ["constant_mask"]
    assert results["constant_mask"].number == 1
    assert results["constant_mask"].sentence.startswith(
        "The model gives one and the same mask for every photo: 100.0% of the cells"
    )


def test_a_perfect_model_is_not_taken_for_a_constant_one():
    results = judge(measured(np.copy))
    assert refused(results) == []
    assert results["constant_mask"].number < 0.2


def test_where_the_truth_never_changes_sameness_is_not_judged():
    result = judge(numbers(true_sameness=0.95, predicted_sameness=0.95))[
        "constant_mask"
    ]
    assert result.passed is None and "the true masks are (95.0%" in result.sentence


@pytest.mark.parametrize(
    ("true", "predicted", "passed"),
    [
        (0.84, 0.86, True),
        (0.84, 0.91, True),
        (0.84, 0.93, False),
        (0.10, 0.84, True),
        (0.10, 0.86, False),
        (math.nan, 0.86, False),
    ],
)
def test_a_mask_is_constant_only_beside_truths_that_change(true, predicted, passed):
    made = numbers(true_sameness=true, predicted_sameness=predicted)
    assert judge(made)["constant_mask"].passed is passed


def test_one_photo_cannot_show_a_constant_mask():
    result = judge(numbers(examples=1.0, predicted_sameness=1.0))["constant_mask"]
    assert result.passed is None and result.sentence.endswith("one photo.")


@pytest.mark.parametrize(
    ("score", "passed"),
    [(0.25, False), (0.30, False), (0.31, False), (0.3101, True)],
    ids=["below", "equal", "at the margin", "above"],
)
def test_the_mean_mask_must_be_beaten_by_the_margin(score, passed):
    results = judge(numbers(foreground_miou=score))
    assert results["mean_mask"].passed is passed
    assert refused(results) == ([] if passed else ["mean_mask"])
    assert results["mean_mask"].bound == pytest.approx(0.31)


def test_a_set_without_foreground_judges_no_mean_mask():
    result = judge(numbers(), MeanMask(math.nan, 9, 8))["mean_mask"]
    assert result.passed is None
    assert result.sentence.endswith(
        "there is no foreground to score (9 training and 8 test masks)."
    )


@pytest.mark.parametrize("counts", [(0, 8), (9, 0)], ids=["train", "test"])
def test_without_masks_for_a_mean_mask_the_model_is_refused(counts):
    result = judge(numbers(), MeanMask(math.nan, *counts))["mean_mask"]
    assert result.passed is False
    assert result.sentence == (
        "There is no mean mask of the training set to beat: it needs masks to train and"
        f" to test on, there are {counts[0]} and {counts[1]}; give the gate Examples"
        " with both splits."
    )


def test_photos_without_foreground_cannot_bless():
    results = judge(numbers(true_foreground_px=0.0))
    assert refused(results) == ["background_only"]
    assert results["background_only"].sentence.startswith(
        "The test photos show no foreground, so they cannot tell"
    )


def test_masks_of_void_alone_measure_nothing():
    (result,) = judge(measured(np.copy, lambda _: np.full((9, 9), 255, np.uint8)))
    assert result == "measured"
    sentence = judge(numbers(miou=math.nan))["measured"].sentence
    assert sentence.startswith("The true masks of all 8 test photos are void everywher")


@pytest.mark.parametrize(
    "candidate", [{}, {(): {"examples": 0.0}}], ids=["missing", "empty"]
)
def test_a_model_that_was_not_measured_is_refused_by_that_alone(candidate):
    results = judge(candidate)
    assert list(results) == refused(results) == ["measured"]


def test_without_a_background_class_the_first_rule_is_not_judged():
    results = judge(numbers(predicted_foreground_px=math.nan))
    assert results["background_only"].passed is None
    assert refused(results) == []
