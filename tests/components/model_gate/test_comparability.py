from components.model_gate.comparability import (
    ModelFacts,
    compare_with,
    judge_own_taxonomy,
)
from components.model_gate.measurements import Measured
from tests.components.model_gate.made_numbers import numbers


def taxonomy(*names, **changes):
    classes = [
        {"id": index, "name": name, "rgb": [index, 0, 0]}
        for index, name in enumerate(names)
    ]
    return {"classes": classes, "background_id": 0, **changes}


CAR = taxonomy("background", "car")


def compare(facts, before=None):
    return compare_with(
        facts,
        Measured(numbers=before or numbers()),
        examples=8,
        taxonomy=CAR,
        signature_name="examples",
    )


def test_the_same_classes_are_compared_without_a_word():
    recoloured = taxonomy("background", "car", licence="other")
    assert compare(ModelFacts(["examples"], recoloured)).reason == ""
    assert compare(ModelFacts(["examples"], recoloured)).measured == Measured(
        numbers=numbers()
    )


def test_the_first_run_has_nothing_to_compare_with():
    found = compare(None)
    assert found.measured is None
    assert found.reason == (
        "No model is live where it is pushed to, so change was not judged."
    )


def test_another_signature_is_named():
    found = compare(ModelFacts(["serving_default"], CAR), {(): {"examples": 0.0}})
    assert found.measured is None
    assert found.reason == (
        "The live model has no signature 'examples', only serving_default: it"
        " could not be measured, so change was not judged."
    )


def test_a_baseline_that_the_evaluator_did_not_get_is_said():
    found = compare(ModelFacts(["examples"], CAR), {(): {"examples": 0.0}})
    assert found.measured is None
    assert "was not measured in this evaluation" in found.reason


def test_a_baseline_that_answered_for_some_photos_is_not_compared():
    found = compare(ModelFacts(["examples"], CAR), numbers(examples=5.0))
    assert found.measured is None
    assert found.reason == (
        "The live model could answer for 5 of 8 test photos only, so change was"
        " not judged; the Evaluator's log has its error."
    )


def test_changed_classes_are_listed_and_not_compared():
    found = compare(ModelFacts(["examples"], taxonomy("background", "car", "wheel")))
    assert found.measured is None
    assert found.reason == (
        "The live model knows other classes (0 background, 1 car, 2 wheel) than"
        " this one (0 background, 1 car): their numbers cannot be compared, so change"
        " was not judged."
    )


def test_swapped_ids_are_other_classes():
    assert compare(ModelFacts(["examples"], taxonomy("car", "background"))).reason


def test_a_baseline_without_a_taxonomy_is_compared_and_that_is_said():
    found = compare(ModelFacts(["examples"], None))
    assert found.measured == Measured(numbers=numbers())
    assert found.reason.endswith("its classes were taken to be the same.")


def test_a_candidate_of_other_classes_is_refused():
    (result,) = judge_own_taxonomy(
        ModelFacts(["examples"], taxonomy("background", "truck")), CAR
    )
    assert result.passed is False
    assert result.sentence == (
        "The model carries other classes (0 background, 1 truck) than it was measured"
        " with (0 background, 1 car); train it anew."
    )
    (same,) = judge_own_taxonomy(ModelFacts(["examples"], CAR), CAR)
    assert same.passed is True
    assert judge_own_taxonomy(ModelFacts(["examples"], None), CAR) == []


def test_a_damaged_live_model_is_named_and_not_compared_with() -> None:
    baseline = compare_with(
        None,
        Measured(numbers={}),
        examples=8.0,
        taxonomy={"classes": []},
        signature_name="examples",
        damage="version 7 is damaged, its files are not those that were pushed",
    )

    assert baseline.measured is None
    assert baseline.reason == (
        "The live model could not be read (version 7 is damaged, its files are not"
        " those that were pushed), so change was not judged; the next push takes its"
        " place."
    )
