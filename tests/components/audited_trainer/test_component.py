import json

import pytest

pytestmark = pytest.mark.integration

REPORT = {
    "classes": [{"id": 0, "name": "background"}, {"id": 1, "name": "car"}],
    "splits": {
        "train": {"class_pixels": {"background": 90, "car": 30}},
        "fit": {"class_pixels": {"background": 8, "car": 2}},
    },
}


def write_inputs(folder):
    for split in ("train", "eval"):
        target = folder / "examples" / f"Split-{split}"
        target.mkdir(parents=True)
        (target / "data.gz").write_bytes(b"")
    audit = folder / "audit"
    audit.mkdir()
    (audit / "audit.json").write_text(json.dumps(REPORT), "utf-8")
    (folder / "base" / "Format-Serving").mkdir(parents=True)


def run_two_trainers(tmp_path):
    """Runs one trainer with an audit and a base model and one without."""
    from tfx import v1 as tfx
    from tfx.types import standard_artifacts

    from components.artifacts import DatasetAudit
    from components.audited_trainer.component import AuditedTrainer

    def import_as(name, kind, **properties):
        return tfx.dsl.Importer(
            source_uri=str(tmp_path / name), artifact_type=kind, properties=properties
        ).with_id(f"Import.{name}")

    splits = '["train", "eval"]'
    examples = import_as("examples", standard_artifacts.Examples, split_names=splits)
    audit = import_as("audit", DatasetAudit)
    base = import_as("base", standard_artifacts.Model)
    shared = {
        "run_fn": "tests.components.audited_trainer.recording.run_fn",
        "examples": examples.outputs["result"],
    }
    audited = AuditedTrainer(
        **shared,
        audit=audit.outputs["result"],
        base_model=base.outputs["result"],
        custom_config={"seed": 5, "name": "бампер"},
    ).with_id("Trainer.first")
    plain = AuditedTrainer(**shared, custom_config={"seed": 6}).with_id("Trainer.next")
    tfx.orchestration.LocalDagRunner().run(
        tfx.dsl.Pipeline(
            pipeline_name="trainers",
            pipeline_root=str(tmp_path / "root"),
            components=[examples, audit, base, audited, plain],
            metadata_connection_config=(
                tfx.orchestration.metadata.sqlite_metadata_connection_config(
                    str(tmp_path / "metadata.sqlite")
                )
            ),
        )
    )


def given(tmp_path, node):
    (found,) = (tmp_path / "root" / node / "model").glob("*/Format-Serving/given.json")
    return json.loads(found.read_text("utf-8"))


def test_run_fn_gets_the_audits_counts_and_all_that_tfx_gives(tmp_path):
    write_inputs(tmp_path)

    run_two_trainers(tmp_path)

    first, second = (given(tmp_path, f"Trainer.{name}") for name in ("first", "next"))
    assert first["custom_config"] == {
        "seed": 5,
        "name": "бампер",
        "audit_class_pixels": [90, 30],
    }
    assert first["base_model"] == str(tmp_path / "base" / "Format-Serving")
    assert first["train_files"] == [str(tmp_path / "examples" / "Split-train" / "*")]
    assert first["eval_files"] == [str(tmp_path / "examples" / "Split-eval" / "*")]
    assert second["custom_config"] == {"seed": 6}
    assert second["base_model"] is None


@pytest.mark.parametrize(("steps", "most"), [(7, 7), (0, 90), (None, 90)])
def test_steps_replace_the_number_in_the_settings(tmp_path, monkeypatch, steps, most):
    from tfx.components.trainer.executor import GenericExecutor
    from tfx.types import channel_utils, standard_artifacts
    from tfx.utils import json_utils

    from components.audited_trainer.component import AuditedTrainer
    from components.audited_trainer.executor import Executor

    given = {}
    monkeypatch.setattr(
        GenericExecutor, "Do", lambda _, inputs, outputs, given_: given.update(given_)
    )
    node = AuditedTrainer(
        run_fn="any.run_fn",
        examples=channel_utils.as_channel([standard_artifacts.Examples()]),
        custom_config={"seed": 5, "training": {"most": 90, "epochs": 2}},
        steps=steps,
        steps_field=("training", "most"),
    )

    Executor().Do({}, {}, dict(node.exec_properties))

    assert json_utils.loads(given["custom_config"]) == {
        "seed": 5,
        "training": {"most": most, "epochs": 2},
    }
    assert not {"steps", "steps_field"} & set(given)
    # Without the parameter the cache key is as it is without its existence.
    assert ("steps" in node.exec_properties) == (steps is not None)


def test_impossible_steps_are_refused():
    from components.audited_trainer.executor import with_steps

    with pytest.raises(ValueError, match=r"steps must be 0, .* or more, got -1"):
        with_steps({"most": 1}, ["most"], -1)


def test_the_counts_are_those_of_the_split_that_is_trained_on(tmp_path):
    from tfx.proto import trainer_pb2
    from tfx.types import standard_artifacts
    from tfx.utils import json_utils, proto_utils

    from components.artifacts import DatasetAudit
    from components.audited_trainer.executor import Executor

    write_inputs(tmp_path)
    (tmp_path / "examples" / "Split-fit").mkdir()
    examples = standard_artifacts.Examples()
    examples.uri = str(tmp_path / "examples")
    examples.split_names = '["train", "eval", "fit"]'
    audit, model = DatasetAudit(), standard_artifacts.Model()
    model_run = standard_artifacts.ModelRun()
    for artifact, name in ((audit, "audit"), (model, "model"), (model_run, "run")):
        artifact.uri = str(tmp_path / name)

    def train(*splits):
        Executor().Do(
            {"examples": [examples], "audit": [audit]},
            {"model": [model], "model_run": [model_run]},
            {
                "run_fn": "tests.components.audited_trainer.recording.run_fn",
                "train_args": proto_utils.proto_to_json(
                    trainer_pb2.TrainArgs(splits=splits)
                ),
                "eval_args": proto_utils.proto_to_json(trainer_pb2.EvalArgs()),
                "custom_config": json_utils.dumps({}),
            },
        )

    train("fit")

    written = tmp_path / "model" / "Format-Serving" / "given.json"
    assert json.loads(written.read_text())["custom_config"] == {
        "audit_class_pixels": [8, 2]
    }
    with pytest.raises(ValueError, match="must train on one split, got train, fit"):
        train("train", "fit")
