"""The Evaluator and the gate on models that must not pass, and on one that must."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

VALUES = [{"metric": "pixel_accuracy", "at_least": 0.4}]
CHANGES = [
    {"metric": "miou", "margin": 0.0},
    {"metric": "iou", "class": "*", "margin": 0.02},
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Examples, the live model, and a judge of any candidate."""
    from tests.components.model_gate import planted
    from tests.components.segmentation_metrics import rule_models

    root = tmp_path_factory.mktemp("planted")
    return {
        "root": root,
        "examples": planted.make_examples(root / "set"),
        "live": rule_models.make_model(root / "live", planted.live),
        "old": rule_models.make_model(root / "old", planted.live, "masks"),
    }


def evaluate(made, rule_name, baseline="live"):
    from tests.components.model_gate import planted
    from tests.components.segmentation_metrics import rule_models

    folder = made["root"] / f"{rule_name}_{baseline}"
    candidate = rule_models.make_model(folder, getattr(planted, rule_name))
    evaluation = rule_models.evaluate(
        made["examples"],
        candidate,
        made[baseline],
        folder / "evaluation",
        task="street",
        taxonomy=planted.STREET.to_dict(),
        slice_features=["view"],
        inference_batch_size=8,
    )
    return candidate, evaluation


def judge(made, candidate, evaluation, baseline="live", changes=CHANGES):
    """Returns the verdict; its blessing and its text say the same."""
    from tfx.types import standard_artifacts

    from components.artifacts import GateVerdict
    from components.model_gate.executor import Executor
    from tests.components.model_gate import planted

    verdict, blessing = GateVerdict(), standard_artifacts.ModelBlessing()
    verdict.uri, blessing.uri = f"{candidate.uri}/verdict", f"{candidate.uri}/blessing"
    Executor().Do(
        {
            "evaluation": [evaluation],
            "model": [candidate],
            "examples": [made["examples"]],
            "baseline_model": [made[baseline]],
        },
        {"verdict": [verdict], "blessing": [blessing]},
        {
            "task": "street",
            "taxonomy": json.dumps(planted.STREET.to_dict()),
            "thresholds": json.dumps(
                {"values": VALUES, "changes": changes, "min_groups": 5}
            ),
            "signature_name": "examples",
            "train_split": "train",
            "test_split": "test",
        },
    )
    found = json.loads(Path(verdict.uri, "verdict.json").read_text("utf-8"))
    assert blessing.get_int_custom_property("blessed") == int(found["blessed"])
    assert verdict.get_int_custom_property("blessed") == int(found["blessed"])
    text = Path(verdict.uri, "verdict.txt").read_text("utf-8")
    assert text.startswith("BLESSED" if found["blessed"] else "NOT BLESSED")
    return found


REFUSED = {
    "background_only": "The model says background everywhere: it predicts 0 px of"
    " foreground where the truth has 600 px. Its mIoU of 0.3267 and pixel accuracy of"
    " 0.9800 come from the background alone.",
    "one_mask": "The model gives one and the same mask for every photo: 100.0% of the"
    " cells that are not always background never change, in the true masks ",
    "mean_mask": "The model does not beat the training set's mean mask, which ignores"
    " the photo: foreground mIoU ",
    "worse_on_wheels": "iou/wheel on all test photos is 0.9000, of the live"
    " model 1.0000: -0.1000 (95 % interval -0.1000 to -0.1000), worse by 0.1000,"
    " allowed is 0.02.",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_planted_model_is_refused_by_its_own_sentence(made, name):
    verdict = judge(made, *evaluate(made, name))
    assert not verdict["blessed"]
    assert any(reason.startswith(REFUSED[name]) for reason in verdict["reasons"]), (
        verdict["reasons"]
    )
    others = [
        words for other, words in REFUSED.items() if other not in (name, "one_mask")
    ]
    if name != "mean_mask":
        others.remove(REFUSED["mean_mask"])
    for words in others:
        assert not any(reason.startswith(words) for reason in verdict["reasons"])
    rules = {(rule["rule"], rule["metric"]): rule for rule in verdict["rules"]}
    assert rules["value", "pixel_accuracy"]["passed"] is True
    if name == "worse_on_wheels":
        assert len(verdict["reasons"]) == 1
        overall = rules["change", "miou"]
        assert overall["passed"] and overall["number"] > overall["bound"]
    if name == "mean_mask":
        mean = rules["mean_mask", "foreground_miou"]
        assert mean["bound"] - mean["number"] == pytest.approx(0.01)


@pytest.fixture(scope="module")
def equal(made):
    return evaluate(made, "live")


def test_an_equal_model_passes(made, equal):
    verdict = judge(made, *equal)
    assert verdict["blessed"] and verdict["reasons"] == []
    assert [rule["sentence"] for rule in verdict["rules"] if not rule["passed"]] == [
        "The live model carries no taxonomy; its classes were taken to be the same."
    ]


def test_better_overall_but_worse_in_one_slice_is_refused_by_the_slice(made):
    changes = [
        {"metric": "miou", "margin": 0.03},
        {"metric": "miou", "slice": {"view": "*"}, "margin": 0.02},
    ]
    found = evaluate(made, "worse_on_rears")

    verdict = judge(made, *found, changes=changes)

    (reason,) = verdict["reasons"]
    assert reason.startswith("miou on photos with view=rear is 0.92")
    assert "of the live model 0.9577: -0.03" in reason
    rules = {
        (rule["rule"], tuple(rule["slice"].values())): rule for rule in verdict["rules"]
    }
    assert rules["change", ()]["passed"] is True
    assert rules["change", ()]["change"] > 0
    assert rules["change", ("front",)]["interval"][0] > 0
    assert rules["change", ("rear",)]["groups"] == 6


def test_better_within_noise_gets_the_verdict_that_its_interval_earns(made):
    found = evaluate(made, "better_by_chance")
    by_margin = {
        margin: judge(
            made,
            *found,
            changes=[{"metric": "iou", "class": "car", "margin": margin, "slice": {}}],
        )
        for margin in (0.0, 0.2)
    }

    (change,) = [rule for rule in by_margin[0.0]["rules"] if rule["rule"] == "change"]
    assert change["change"] == pytest.approx(11 / 12 - 0.875)
    assert -0.2 < change["interval"][0] < 0 < change["interval"][1]
    (reason,) = by_margin[0.0]["reasons"]
    assert f"so it may be worse by {-change['interval'][0]:.4f}, allowed" in reason
    assert by_margin[0.2]["blessed"]


def test_a_live_model_of_other_classes_is_not_compared_with(made, equal):
    from tests.components.model_gate import planted

    taxonomy = planted.STREET.to_dict()
    taxonomy["classes"] = taxonomy["classes"][:2]
    asset = Path(made["live"].uri, "Format-Serving/assets/taxonomy.json")
    asset.parent.mkdir(exist_ok=True)
    asset.write_text(json.dumps(taxonomy))
    try:
        verdict = judge(made, *equal)
    finally:
        asset.unlink()
    assert verdict["blessed"]
    assert said_of_the_live_model(verdict) == [
        "The live model knows other classes (0 background, 1 car) than this one"
        " (0 background, 1 car, 2 wheel): their numbers cannot be compared, so change"
        " was not judged."
    ]


def test_a_live_model_of_another_signature_is_not_compared_with(made):
    verdict = judge(made, *evaluate(made, "live", "old"), "old")
    assert verdict["blessed"]
    assert said_of_the_live_model(verdict) == [
        "The live model has no signature 'examples', only masks,"
        " serving_default: it could not be measured, so change was not judged."
    ]


def said_of_the_live_model(verdict):
    assert not [rule for rule in verdict["rules"] if rule["rule"] == "change"]
    return [rule["sentence"] for rule in verdict["rules"] if rule["passed"] is None]
