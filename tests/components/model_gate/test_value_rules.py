import math

import pytest

from components.model_gate.change_rules import judge_changes
from components.model_gate.measurements import Baseline, Measured
from components.model_gate.thresholds import (
    ChangeThreshold,
    GateThresholds,
    ValueThreshold,
)
from components.model_gate.value_rules import judge_values
from tests.components.model_gate.made_numbers import FIRST_RUN, GOOD, NAMES, numbers

FRONT = (("view", "front"),)
REAR = (("view", "rear"),)


def judge_value(candidate=None, **fields):
    thresholds = GateThresholds(values=(ValueThreshold(**fields),))
    return judge_values(Measured(numbers=candidate or numbers()), thresholds, NAMES)


def judge_change(candidate, before, **fields):
    thresholds = GateThresholds(changes=(ChangeThreshold(**fields),))
    baseline = Baseline(Measured(numbers=before))
    return judge_changes(Measured(numbers=candidate), baseline, thresholds, NAMES)


@pytest.mark.parametrize(
    ("bounds", "passed", "words"),
    [
        ({"at_least": 0.8}, True, "is 0.8000, as wanted at least 0.8."),
        ({"at_least": 0.81}, False, "is 0.8000, but wanted is at least 0.81."),
        ({"at_most": 0.8}, True, "is 0.8000, as wanted at most 0.8."),
        ({"at_most": 0.0}, False, "is 0.8000, but wanted is at most 0."),
    ],
    ids=["reached", "missed", "within", "above zero"],
)
def test_a_value_is_held_against_its_bound(bounds, passed, words):
    (result,) = judge_value(metric="miou", **bounds)
    assert result.passed is passed
    assert result.sentence == f"miou on all test photos {words}"


def test_a_class_and_a_slice_are_named_in_the_sentence():
    candidate = numbers({FRONT: GOOD | {"iou/wheel": 0.35}})
    (result,) = judge_value(
        candidate,
        metric="iou",
        class_name="wheel",
        slice={"view": "front"},
        at_least=0.5,
    )
    assert result.sentence == (
        "iou/wheel on photos with view=front is 0.3500, but wanted is at least 0.5."
    )
    assert (result.number, result.bound, result.slice) == (0.35, 0.5, FRONT)


def test_a_value_on_photos_that_are_not_there_is_refused():
    candidate = numbers({REAR: GOOD})
    (result,) = judge_value(
        candidate, metric="miou", slice={"view": "front"}, at_least=0.9
    )
    assert result.passed is False
    assert result.sentence == (
        "miou was wanted on photos with view=front, but no test photo is of them."
    )
    (change,) = judge_change(
        candidate, candidate, metric="miou", slice={"view": "front"}
    )
    assert change.passed is None and change.sentence == result.sentence


@pytest.mark.parametrize("value", ["front", "*"])
@pytest.mark.parametrize("judged", ["value", "change"])
def test_a_feature_that_nothing_is_sliced_by_is_refused(judged, value):
    candidate = numbers({REAR: GOOD, (("domain", "cad"), ("view", "rear")): GOOD})
    fields = {"metric": "miou", "slice": {"veiw": value}}
    if judged == "value":
        (result,) = judge_value(candidate, at_least=0.1, **fields)
    else:
        (result,) = judge_change(candidate, candidate, **fields)
    assert result.passed is False
    assert result.sentence == (
        f"miou was wanted on photos with veiw={value}, but the evaluation slices by"
        " domain with view, view. Correct the threshold or the slices."
    )


def test_an_absent_class_is_said_and_not_judged():
    (result,) = judge_value(
        numbers(iou__wheel=math.nan), metric="iou", class_name="wheel", at_least=0.5
    )
    assert result.passed is None
    assert result.sentence.endswith("for the class is in neither truth nor prediction.")


@pytest.mark.parametrize(
    "fields",
    [{"metric": "iuo", "class_name": "car"}, {"metric": "iou", "class_name": "weel"}],
    ids=["metric", "class"],
)
def test_a_misspelt_name_refuses_and_lists_the_names(fields):
    (result,) = judge_value(at_least=0.0, **fields)
    assert result.passed is False
    assert "iou/car, iou/wheel" in result.sentence
    assert result.sentence.endswith("Correct the threshold.")


def test_a_star_speaks_of_every_class():
    results = judge_value(metric="iou", class_name="*", at_least=0.7)
    assert {entry.metric: entry.passed for entry in results} == {
        "iou/background": True,
        "iou/car": True,
        "iou/wheel": False,
    }


def test_a_star_speaks_of_every_value_of_a_slice():
    candidate = numbers({FRONT: GOOD, REAR: GOOD | {"miou": 0.2}})
    results = judge_value(candidate, metric="miou", slice={"view": "*"}, at_least=0.5)
    assert {entry.slice: entry.passed for entry in results} == {
        FRONT: True,
        REAR: False,
    }


def test_better_overall_but_worse_in_a_class_is_refused_by_that_class():
    candidate = numbers(miou=0.85, iou__car=0.95, iou__wheel=0.55)
    thresholds = GateThresholds(
        changes=(
            ChangeThreshold(metric="miou", margin=0.01),
            ChangeThreshold(metric="iou", class_name="*", margin=0.02),
        )
    )
    baseline = Baseline(Measured(numbers=numbers()))
    measured = Measured(numbers=candidate)
    results = judge_changes(measured, baseline, thresholds, NAMES)
    refused = [entry for entry in results if entry.passed is False]
    assert [entry.sentence for entry in refused] == [
        "iou/wheel on all test photos is 0.5500, of the live model 0.6000:"
        " -0.0500, worse by 0.0500, allowed is 0.02."
    ]
    assert [entry.passed for entry in results] == [True, True, True, False]


def test_an_equal_model_passes_every_change():
    for class_name, metric in ((None, "miou"), ("*", "iou")):
        results = judge_change(
            numbers(), numbers(), metric=metric, class_name=class_name, margin=0.0
        )
        assert results and all(entry.passed for entry in results)


def test_equal_but_for_the_order_of_a_sum_is_equal():
    (result,) = judge_change(
        numbers(miou=0.1 + 0.2), numbers(miou=0.3 + 1e-12), metric="miou"
    )
    assert result.passed


def test_a_negative_margin_demands_an_improvement():
    (result,) = judge_change(numbers(), numbers(), metric="miou", margin=-0.01)
    assert result.passed is False
    assert result.sentence.endswith("+0.0000, but at least 0.01 better is wanted.")


def test_without_a_live_model_change_is_not_judged():
    thresholds = GateThresholds(changes=(ChangeThreshold(metric="miou"),))
    measured = Measured(numbers=numbers())
    (result,) = judge_changes(measured, FIRST_RUN, thresholds, NAMES)
    assert (result.rule, result.passed) == ("baseline", None)
    assert result.sentence == "No model is live yet."


def test_a_slice_that_only_the_candidate_has_is_not_judged():
    (result,) = judge_change(
        numbers({FRONT: GOOD}), numbers(), metric="miou", slice={"view": "front"}
    )
    assert result.passed is None
    assert result.sentence.startswith("miou of the live model was not judged")


def test_a_star_takes_the_classes_that_have_the_number():
    candidate = numbers(object_recall_small__car=0.4, object_recall_small__wheel=0.6)
    fields = {"metric": "object_recall_small", "class_name": "*"}

    results = judge_value(candidate, at_least=0.5, **fields)
    changes = judge_change(candidate, candidate, **fields)

    assert [entry.passed for entry in results] == [False, True]
    assert [entry.metric for entry in changes] == [
        "object_recall_small/car",
        "object_recall_small/wheel",
    ]
    assert all(entry.passed for entry in changes)


@pytest.mark.parametrize("judged", ["value", "change"])
def test_a_star_that_reaches_no_class_is_refused(judged):
    fields = {"metric": "miou", "class_name": "*"}
    if judged == "value":
        (result,) = judge_value(at_least=0.5, **fields)
    else:
        (result,) = judge_change(numbers(), numbers(), **fields)
    assert result.passed is False
    assert result.sentence == (
        "miou was wanted of every class, but no class has such a number; by class there"
        " are iou. Correct the threshold."
    )
