"""`carseg run` with planted models: what the gate lets pass, and what it says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.planted_runs import SETTINGS, Run, planted, write_settings
from tfx_pipeline.cli.unseen_photos import COUNT, HEIGHT_PX, WIDTH_PX
from tfx_pipeline.config.presets import smoke

pytestmark = pytest.mark.e2e

# In this order: each later one is compared with the one that is live by then.
PLANTED = (
    "all_background",
    "constant",
    "mean_mask",
    "finds_light_bodies",
    "finds_light_scratches",
    "finds_light_bodies",
)


GATE = {
    "values": [{"metric": "foreground_miou", "at_least": 0.4}],
    "changes": [{"metric": "iou", "class": "*", "margin": 0.05}],
    "min_groups": 5,
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the settings of all runs."""
    folder = tmp_path_factory.mktemp("planted")
    write_settings(folder, {"gate": GATE})
    return folder


@pytest.fixture(scope="module")
def runs(workspace: Path) -> list[Run]:
    """Exit code and summary of a run per planted model, in one workspace."""
    arguments = ["run", f"--config={workspace / 'settings.json'}"]
    done = [planted(workspace, model(name), arguments) for name in PLANTED]
    shutil.rmtree(workspace / "runs" / "served")
    return [*done, planted(workspace, model(PLANTED[-1]), arguments)]


@pytest.fixture(scope="module")
def demonstrated(workspace: Path, runs: list[Run]) -> Run:
    """The demo with the settings of the runs, after them."""
    from tfx_pipeline.cli import demo

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            demo, "smoke", lambda: smoke().replaced(SETTINGS | {"gate": GATE})
        )
        return planted(workspace, model(PLANTED[-1]), ["demo"])


@pytest.fixture(scope="module")
def approved(workspace: Path, runs: list[Run]) -> tuple[Run, Run]:
    """A run that asks a person, and one after somebody signed."""
    return run_with_approval(workspace)


def run_with_approval(workspace: Path) -> tuple[Run, Run]:
    file = workspace / "approval.yaml"
    arguments = [
        "run",
        f"--config={workspace / 'settings.json'}",
        f"--set=push.approval={file}",
    ]
    asked = planted(workspace, model(PLANTED[-1]), arguments)
    (sentence,) = asked[1]["models"][0]["reasons"]
    sha256 = sentence.partition("'model: ")[2].partition("'")[0]
    file.write_text(f"model: {sha256}\napproved_by: Kim\nreason: fine\n", "utf-8")
    return asked, planted(workspace, model(PLANTED[-1]), arguments)


def model(name: str) -> str:
    return f"tests.planted_models.{name}"


def reasons(runs: list[Run], index: int) -> list[str]:
    code, summary = runs[index]
    (model,) = summary["models"]
    assert (code, model["blessed"], model["packaged_model"]) == (3, False, None)
    assert Path(model["verdict"]).read_text("utf-8").startswith("NOT BLESSED")
    states = {stage["node"]: stage["state"] for stage in summary["stages"]}
    assert {"DONE", "CACHED"}.issuperset(states.values())
    assert model["serving"] == {}  # no server was started
    assert model["pushed_model"] is None
    metrics = Path(model["report"]).with_name("metrics.json")
    assert json.loads(metrics.read_text("utf-8"))["blessed"] is False
    return list(model["reasons"])


def test_an_all_background_model_is_refused_by_its_own_sentence(runs) -> None:
    assert reasons(runs, 0)[0].startswith("The model says background everywhere")


def test_a_constant_model_is_refused_by_its_own_sentence(runs) -> None:
    assert reasons(runs, 1)[0].startswith("The model fills every photo with one class")


def test_a_mean_mask_model_is_refused_by_its_own_sentence(runs) -> None:
    found = reasons(runs, 2)

    assert any(
        reason.startswith("The model does not beat the training set's mean mask")
        for reason in found
    )


def blessed_version(model: dict[str, Any]) -> int:
    versions = Path(model["pushed_model"]).parent
    record = json.loads((versions / "BLESSED.json").read_text("utf-8"))
    return int(record["version"])


def test_the_first_working_model_is_packaged(runs) -> None:
    code, summary = runs[3]
    (model,) = summary["models"]

    assert (code, model["blessed"], model["reasons"]) == (0, True, [])
    assert model["figures"]["iou/scratch"] == 1.0
    assert 0.3 < model["figures"]["iou/body"] < 0.7
    assert Path(model["packaged_model"], "saved_model.pb").is_file()


def test_better_overall_but_worse_in_a_class_is_refused_by_the_class(runs) -> None:
    better, live = (runs[index][1]["models"][0]["figures"] for index in (4, 3))

    (reason,) = reasons(runs, 4)

    assert better["pixel_accuracy"] > live["pixel_accuracy"]
    assert better["miou"] > live["miou"]
    assert "scratch" in reason
    assert "worse" in reason


def test_the_first_working_model_is_proven_on_a_server_and_pushed(runs) -> None:
    (model,) = runs[3][1]["models"]
    pushed = Path(model["pushed_model"])

    assert (model["pushed"]["is_new"], model["pushed"]["version"]) == (
        True,
        int(pushed.name),
    )
    assert model["serving"]["load_s"] > 0
    page = Path(model["report"]).read_text("utf-8")
    assert "scratch" in page
    assert str(pushed.parents[2]) not in page


def test_an_equal_model_passes_and_is_not_pushed_twice(runs) -> None:
    code, summary = runs[5]
    (model,) = summary["models"]
    first = runs[3][1]["models"][0]

    assert (code, model["blessed"]) == (0, True)
    assert model["figures"] == first["figures"]
    assert model["pushed"]["is_new"] is False
    assert model["pushed_model"] == first["pushed_model"]


def test_every_push_is_measured_against_once(runs) -> None:
    first, after_push, again, after_loss = (
        {stage["node"]: stage["state"] for stage in runs[index][1]["stages"]}
        for index in (3, 4, 5, 6)
    )

    judging = ("LiveModel", "Evaluator", "ModelGate", "ModelPackager")
    # Nothing has been live up to then, as in the runs before.
    assert [first[node] for node in judging] == ["CACHED", "DONE", "DONE", "DONE"]
    assert (after_push["LiveModel"], after_push["Evaluator"]) == ("DONE", "DONE")
    assert [again[node] for node in judging] == ["CACHED", "DONE", "DONE", "DONE"]
    assert again["Trainer"] == "CACHED"
    # Nothing is live again, so that all is as it was at first.
    assert {after_loss[node] for node in judging} == {"CACHED"}
    assert after_loss["ModelPusher"] == "DONE"


def test_a_pushed_version_that_is_gone_is_pushed_again(runs) -> None:
    code, summary = runs[6]
    (model,) = summary["models"]

    assert (code, model["pushed"]["is_new"]) == (0, True)
    assert Path(model["pushed_model"], "saved_model.pb").is_file()
    assert blessed_version(model) == model["pushed"]["version"]


def test_a_person_is_asked_and_the_signature_reruns_nothing_else(approved) -> None:
    (asked_code, asked), (code, signed) = approved
    (refused,), (pushed,) = asked["models"], signed["models"]

    assert (asked_code, refused["pushed"]["pushed"]) == (3, False)
    assert refused["reasons"][0].startswith("a person must approve the model in")
    assert (code, pushed["blessed"], pushed["pushed"]["pushed"]) == (0, True, True)
    assert pushed["pushed"]["approval"] == {"approved_by": "Kim", "reason": "fine"}
    states = {stage["node"]: stage["state"] for stage in signed["stages"]}
    rerun = {node for node, state in states.items() if state != "CACHED"}
    # The report names who signed.
    assert rerun == {"ModelApproval", "ModelPusher", "EvaluationReporter"}
    assert "Approved by Kim: fine" in Path(pushed["report"]).read_text("utf-8")


def test_the_demo_serves_what_was_pushed_and_predicts_unseen_photos(
    runs: list[Run], demonstrated: Run
) -> None:
    code, summary = demonstrated

    assert (code, summary["blessed"]) == (0, True)
    assert summary["test_miou"] == summary["models"][0]["figures"]["miou"]
    assert summary["pushed_model"] == runs[6][1]["models"][0]["pushed_model"]
    assert Path(summary["report"]).is_file()
    assert summary["stages"][-1]["node"] == "serve and predict"
    assert len(summary["overlays"]) == COUNT
    for overlay in summary["overlays"]:
        mask = Path(overlay.replace(".overlay.", ".mask."))
        with Image.open(mask) as picture:
            assert picture.size == (WIDTH_PX, HEIGHT_PX)
        assert Image.open(overlay).height > HEIGHT_PX  # the legend is below
    states = {stage["node"]: stage["state"] for stage in summary["stages"]}
    assert (states["Transform"], states["Trainer"]) == ("CACHED", "CACHED")
