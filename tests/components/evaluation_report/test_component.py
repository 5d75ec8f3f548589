"""A whole little pipeline with a refused and a blessed model, and what it reports."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.components import little_pipeline
from tests.components.evaluation_report.html_checks import Page

pytestmark = pytest.mark.integration

TRAIN, TEST = range(5), range(10, 16)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Report, numbers and root by run; what follows the gate is skipped in one."""
    from tests.components.segmentation_metrics import rule_models

    root = tmp_path_factory.mktemp("runs")
    for split, indices in {"train": TRAIN, "test": TEST}.items():
        rule_models.write_records(root / "set" / split / "data.gz", indices)
    return {
        name: run_pipeline(root, rule_models.save_rule_model(root / name, rule))
        for name, rule in {
            "refused": rule_models.background_only,
            "blessed": rule_models.bright,
        }.items()
    } | {"root": root}


def run_pipeline(root, model_uri):
    from tfx import v1 as tfx

    from components.evaluation_report.component import EvaluationReporter
    from components.model_gate.component import ModelGate
    from components.segmentation_metrics.eval_config import (
        EVALUATOR_MODULE,
        eval_config,
    )
    from tests.components.evaluation_report.later_node import LaterNode
    from tests.drawn_squares import SQUARES

    gen, model = little_pipeline.read_inputs(root, model_uri)
    taxonomy = SQUARES.to_dict()
    evaluator = tfx.components.Evaluator(
        examples=gen.outputs["examples"],
        example_splits=["test"],
        model=model.outputs["result"],
        eval_config=eval_config(
            task="square", taxonomy=taxonomy, slice_features=("view",)
        ),
        module_path=EVALUATOR_MODULE,
    )
    gate = ModelGate(
        evaluation=evaluator.outputs["evaluation"],
        model=model.outputs["result"],
        examples=gen.outputs["examples"],
        task="square",
        taxonomy=taxonomy,
    )
    verdict = gate.outputs["verdict"].future()[0]
    with tfx.dsl.Cond(verdict.custom_property("blessed") == 1):
        later = LaterNode(log_folder=str(root / "logs"))
    report = EvaluationReporter(
        evaluation=evaluator.outputs["evaluation"],
        verdict=gate.outputs["verdict"],
        model=model.outputs["result"],
        examples=gen.outputs["examples"],
        packaged_model=later.outputs["packaged_model"],
        serving_validation=later.outputs["validation"],
        task="square",
        taxonomy=taxonomy,
        lineage={
            "config": {"run": {"root": str(root)}, "home": str(Path.home() / "cars")}
        },
        photos_per_class=2,
    )
    little_pipeline.run_nodes(
        root, "report", [gen, model, evaluator, gate, later, report]
    )
    return read_run(root, model_uri)


def read_run(root, model_uri):
    from ml_metadata import metadata_store
    from ml_metadata.proto import metadata_store_pb2

    config = metadata_store_pb2.ConnectionConfig()
    config.sqlite.filename_uri = str(root / "metadata.sqlite")
    store = metadata_store.MetadataStore(config)
    found = store.get_artifacts_by_type("components.EvaluationReport")
    report = max(found, key=lambda artifact: artifact.id)
    (model,) = store.get_artifacts_by_uri(model_uri)
    return {
        "property": report.custom_properties["blessed"].int_value,
        "model_id": model.id,
        "files": sorted(path.name for path in Path(report.uri).iterdir()),
        "html": Path(report.uri, "report.html").read_text("utf-8"),
        "metrics": json.loads(Path(report.uri, "metrics.json").read_text("utf-8")),
    }


def expected_matrix(rule):
    from tests.components.segmentation_metrics import rule_models

    matrix = np.zeros((2, 3), int)
    for index in TEST:
        image, mask = rule_models.draw_pair(index)
        predicted = rule(image).numpy()
        for true_id, predicted_id in zip(mask.flat, predicted.flat, strict=True):
            if true_id != 255:
                matrix[true_id, min(predicted_id, 2)] += 1
    return matrix.tolist()


def test_nodes_that_a_refusal_skips_leave_their_inputs_empty(runs):
    run = runs["refused"]
    page = Page(run["html"])

    assert page.problems == []
    assert run["property"] == 0
    verdict = page.one("section", id="verdict").text
    assert verdict.startswith("Refused for")
    assert "The model says background everywhere" in verdict
    assert "Gate: REFUSEDPackager: not runServing check: not run" in verdict
    assert run["metrics"]["serving"] is None


def test_nodes_that_have_run_are_read(runs):
    run = runs["blessed"]
    verdict = Page(run["html"]).one("section", id="verdict").text

    assert "Gate: passedPackager: passedServing check: REFUSED" in verdict
    assert run["property"] == 0
    assert run["metrics"]["serving"] == {"figures.load_s": 1.25}
    assert run["metrics"]["reasons"] == ["The server died; its log is in …/server.log"]


def test_numbers_and_photos_are_those_of_plain_loops(runs):
    from tests.components.segmentation_metrics import rule_models

    for name, rule in (
        ("refused", rule_models.background_only),
        ("blessed", rule_models.bright),
    ):
        metrics = runs[name]["metrics"]
        matrix = np.array(expected_matrix(rule))
        assert metrics["confusion_matrix"]["pixels"] == matrix.tolist()
        assert metrics["notes"] == []  # the photos' own pass found the same
        union = matrix[1].sum() + matrix[:, 1].sum() - matrix[1, 1]
        assert metrics["metrics"]["iou/square"] == matrix[1, 1] / union
        assert metrics["metrics"]["examples"] == len(TEST)
        assert [entry["slice"] for entry in metrics["slices"]] == [
            {"view": "front"},
            {"view": "rear"},
        ]


def test_the_photos_of_a_class_are_its_worst_and_its_typical_ones(runs):
    from tests.components.segmentation_metrics import rule_models

    def iou(index):
        image, mask = rule_models.draw_pair(index)
        found = rule_models.bright(image).numpy() == 1
        found, true = found[mask != 255], (mask == 1)[mask != 255]
        return (found & true).sum() / (found | true).sum()

    scores = {f"square_{index}": iou(index) for index in TEST}
    median = np.median(list(scores.values()))
    by_score = sorted(scores, key=scores.__getitem__)
    rest = sorted(by_score[2:], key=lambda name: abs(scores[name] - median))

    photos = [one for one in runs["blessed"]["metrics"]["photos"] if "class" in one]

    assert [one["example_id"] for one in photos if one["kind"] == "worst"] == (
        by_score[:2]
    )
    assert {one["example_id"] for one in photos if one["kind"] == "typical"} == set(
        rest[:2]
    )
    assert all(one["iou"] == scores[one["example_id"]] for one in photos)
    pictures = Page(runs["blessed"]["html"]).all("img", class_="photo")
    of_slices = [one for one in runs["blessed"]["metrics"]["photos"] if "slice" in one]
    assert len(photos) == 4
    assert len(pictures) == len(photos) + len(of_slices) == 6


def test_no_place_of_this_machine_stands_in_either_file(runs):
    for name in ("refused", "blessed"):
        both = runs[name]["html"] + json.dumps(runs[name]["metrics"])
        assert str(runs["root"]) not in both
        assert str(runs["root"].parent) not in both
        assert f"{Path.home()}/" not in both


def test_the_lineage_names_the_model_by_its_id(runs):
    run = runs["blessed"]
    rows = [row.text for row in Page(run["html"]).all("tr")]

    assert f"modelModel{run['model_id']}" in rows
    assert run["files"] == ["metrics.json", "report.html"]


def test_the_command_finds_the_newest_report(runs, capsys):
    import argparse

    from tfx_pipeline.cli.report import find_reports, run

    run_id, is_newest, reports = find_reports(runs["root"])
    args = argparse.Namespace(run=str(runs["root"]), json=True, open=False)

    assert run(args) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["run"], is_newest) == (run_id, True)
    assert said["report"] == str(reports[0].folder / "report.html")
    assert said["metrics"] == str(reports[0].folder / "metrics.json")
    assert said["miou"] == runs["blessed"]["metrics"]["metrics"]["miou"]
    assert said["node"] == "EvaluationReporter"
