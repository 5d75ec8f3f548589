"""Runs of a whole little pipeline: example files, Evaluator, gate, Resolver, Pusher."""

import json
from pathlib import Path

import pytest

from tests.components import little_pipeline

pytestmark = pytest.mark.integration

REQUIRED = {"metric": "miou", "at_least": 0.4}
CHANGE = {"metric": "iou", "class": "*", "margin": 0.02}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Three models one after another; each run sees what the ones before left."""
    from tests.components.segmentation_metrics import rule_models

    root = tmp_path_factory.mktemp("runs")
    for split, indices in {"train": range(5), "test": range(10, 16)}.items():
        rule_models.write_records(root / "set" / split / "data.gz", indices)
    return {
        name: run_pipeline(root, name, rule_models.save_rule_model(root / name, rule))
        for name, rule in {
            "first": rule_models.bright,
            "empty": rule_models.background_only,
            "equal": rule_models.bright,
        }.items()
    }


def run_pipeline(root, name, model_uri):
    from tfx import v1 as tfx

    from components.model_gate.component import ModelGate
    from components.model_gate.thresholds import GateThresholds
    from components.segmentation_metrics.eval_config import (
        EVALUATOR_MODULE,
        eval_config,
    )
    from tests.drawn_squares import SQUARES

    gen, model = little_pipeline.read_inputs(root, model_uri)
    resolver = tfx.dsl.Resolver(
        strategy_class=tfx.dsl.experimental.LatestBlessedModelStrategy,
        model=tfx.dsl.Channel(type=tfx.types.standard_artifacts.Model),
        model_blessing=tfx.dsl.Channel(type=tfx.types.standard_artifacts.ModelBlessing),
    ).with_id("LatestBlessed")
    taxonomy = SQUARES.to_dict()
    evaluator = tfx.components.Evaluator(
        examples=gen.outputs["examples"],
        example_splits=["test"],
        model=model.outputs["result"],
        baseline_model=resolver.outputs["model"],
        eval_config=eval_config(
            task="square", taxonomy=taxonomy, slice_features=("view",)
        ),
        module_path=EVALUATOR_MODULE,
    )
    gate = ModelGate(
        evaluation=evaluator.outputs["evaluation"],
        model=model.outputs["result"],
        examples=gen.outputs["examples"],
        baseline_model=resolver.outputs["model"],
        task="square",
        taxonomy=taxonomy,
        thresholds=GateThresholds.from_dict(
            {"values": [REQUIRED], "changes": [CHANGE], "min_groups": 1}
        ),
    )
    pusher = tfx.components.Pusher(
        model=model.outputs["result"],
        model_blessing=gate.outputs["blessing"],
        push_destination=tfx.proto.PushDestination(
            filesystem=tfx.proto.PushDestination.Filesystem(
                base_directory=str(root / f"pushed_{name}")
            )
        ),
    )
    little_pipeline.run_nodes(
        root, "gate", [gen, model, resolver, evaluator, gate, pusher]
    )
    return read_run(root, name, model_uri)


def read_run(root, name, model_uri):
    """What the run left: its last verdict and blessing, and whether it pushed."""
    from ml_metadata import metadata_store
    from ml_metadata.proto import metadata_store_pb2

    config = metadata_store_pb2.ConnectionConfig()
    config.sqlite.filename_uri = str(root / "metadata.sqlite")
    store = metadata_store.MetadataStore(config)

    def newest(type_name):
        return max(store.get_artifacts_by_type(type_name), key=lambda one: one.id)

    verdict, blessing = newest("components.GateVerdict"), newest("ModelBlessing")
    models = {
        artifact.uri: artifact.id for artifact in store.get_artifacts_by_type("Model")
    }
    return {
        "verdict": json.loads(Path(verdict.uri, "verdict.json").read_text("utf-8")),
        "text": Path(verdict.uri, "verdict.txt").read_text("utf-8"),
        "property": verdict.custom_properties["blessed"].int_value,
        "files": [path.name for path in Path(blessing.uri).iterdir()],
        "blessing": {
            key: value.int_value or value.string_value
            for key, value in blessing.custom_properties.items()
        },
        "model_id": models[model_uri],
        "pushed": any((root / f"pushed_{name}").glob("*")),
    }


def sentences(run, passed):
    return [
        entry["sentence"]
        for entry in run["verdict"]["rules"]
        if entry["passed"] is passed
    ]


def test_the_first_model_is_blessed_and_pushed(runs):
    run = runs["first"]
    assert run["verdict"]["blessed"] and run["property"] == 1 and run["pushed"]
    assert run["files"] == ["BLESSED"]
    assert run["blessing"]["blessed"] == 1
    assert run["blessing"]["current_model_id"] == run["model_id"]
    assert "baseline_model_id" not in run["blessing"]
    assert sentences(run, None) == [
        "No model is live where it is pushed to, so change was not judged."
    ]
    assert run["text"].startswith("BLESSED: the square model (5 passed, 0 REFUSED, 1")


def test_a_background_only_model_is_refused_by_its_own_sentence(runs):
    run = runs["empty"]
    assert not run["verdict"]["blessed"] and run["property"] == 0
    assert run["files"] == ["NOT_BLESSED"] and not run["pushed"]
    assert not run["blessing"]["blessed"]
    assert run["blessing"]["baseline_model_id"] == runs["first"]["model_id"]
    first = run["verdict"]["reasons"][0]
    assert first.startswith("The model says background everywhere: it predicts 0 px")


def test_an_equal_model_passes_against_the_last_blessed_one_not_the_refused(runs):
    run = runs["equal"]
    assert run["blessing"]["baseline_model_id"] == runs["first"]["model_id"]
    assert run["verdict"]["blessed"] and run["pushed"]
    changes = [entry for entry in run["verdict"]["rules"] if entry["rule"] == "change"]
    assert len(changes) == 2 and all(
        entry["number"] - entry["bound"] == pytest.approx(0.02) for entry in changes
    )
