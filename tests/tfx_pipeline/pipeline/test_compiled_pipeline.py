"""The pipeline of a platform elsewhere compiles, and looks at nothing here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from components.model_approval.signed_file import SignedFile
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.presets import PRESETS, smoke
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.pipeline.node_ids import looks_outside

pytestmark = pytest.mark.integration

# Presets whose builder reads its classes from its folder.
CLASSES_IN_FOLDER = {"production", "car_parts"}
BASE_MODEL = "s3://bucket/models/base"


def places(**values: Any) -> Any:
    from tfx.orchestration.data_types import RuntimeParameter

    from tfx_pipeline.pipeline.places import Places

    return Places(
        **{
            "pipeline_root": "s3://bucket/root",
            "metadata_path": None,
            "data_dir": "",
            "resume_root": "",
            "push_directory": "/models",
            "dataset": RuntimeParameter("dataset", str, default="synthetic_cars"),
            "manual_dir": RuntimeParameter("data_path", str, default=""),
            "steps": RuntimeParameter("steps", int, default=0),
        }
        | values
    )


def compiled(config: PipelineConfig, **values: Any) -> dict[str, Any]:
    """Returns the `pipelineSpec` that TFX's own runner writes."""
    from tfx.orchestration.kubeflow.v2 import kubeflow_v2_dag_runner

    from tfx_pipeline.pipeline.create_pipeline import create_pipeline
    from tfx_pipeline.runners.make_plan import plan_at

    runner = kubeflow_v2_dag_runner.KubeflowV2DagRunner(
        kubeflow_v2_dag_runner.KubeflowV2DagRunnerConfig(
            default_image="carseg", use_pipeline_spec_2_1=True
        )
    )
    pipeline = create_pipeline(plan_at(config, places(**values)))
    spec: dict[str, Any] = runner.run(pipeline, write_out=False)["pipelineSpec"]
    return spec


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """Two candidates, one of them from a base model; a person is asked."""
    further = {"big": {"training": {"base_model": BASE_MODEL}}}
    return compiled(
        smoke().replaced({"candidates": {"further": further}}),
        approval=SignedFile(path="approval.yaml", text=None),
    )


def parameters(spec: dict[str, Any], task: str) -> dict[str, Any]:
    found: dict[str, Any] = spec["root"]["dag"]["tasks"][task]["inputs"]["parameters"]
    return found


def constant(spec: dict[str, Any], task: str, name: str) -> Any:
    return parameters(spec, task)[name]["runtimeValue"]["constant"]


def test_every_node_is_a_container_but_the_importer(spec: dict[str, Any]) -> None:
    executors = spec["deploymentSpec"]["executors"]

    kinds = {
        component["executorLabel"]: next(iter(executors[component["executorLabel"]]))
        for component in spec["components"].values()
    }

    importers = {label for label, kind in kinds.items() if kind != "container"}
    assert importers == {"BaseModel_big_executor"}
    importer = executors["BaseModel_big_executor"]["importer"]
    assert importer["artifactUri"] == {"constant": BASE_MODEL}
    assert {"LiveModel", "LiveModel_big", "RecordSchema"} <= set(spec["components"])


def test_only_what_follows_the_audit_hangs_on_its_number(spec: dict[str, Any]) -> None:
    tasks = spec["root"]["dag"]["tasks"]
    free = {name for name, task in tasks.items() if "triggerPolicy" not in task}

    assert free == {
        "SourceFingerprint",
        "TfdsExampleGen",
        "RecordSchema",
        "StatisticsGen",
        "ExampleValidator",
        "DatasetAuditor",
        "BaseModel_big",
    }
    # KFP keeps every number as a double, and CEL compares no double with an int.
    assert {
        task["triggerPolicy"]["condition"].partition("].")[2]
        for name, task in tasks.items()
        if name not in free
    } == {"artifacts[0].metadata['blessed'] == 1.0)"}


def test_a_person_gives_dataset_folder_and_steps_at_the_start(
    spec: dict[str, Any],
) -> None:
    wanted = spec["root"]["inputDefinitions"]["parameters"]

    assert {name: given["parameterType"] for name, given in wanted.items()} == {
        "dataset": "STRING",
        "data_path": "STRING",
        "steps": "NUMBER_INTEGER",
    }
    takers = {
        (task, name): given["componentInputParameter"]
        for task in spec["root"]["dag"]["tasks"]
        for name, given in parameters(spec, task).items()
        if "componentInputParameter" in given
        if not task.startswith("EvaluationReporter")
    }
    assert takers == {
        ("SourceFingerprint", "dataset"): "dataset",
        ("SourceFingerprint", "manual_dir"): "data_path",
        ("TfdsExampleGen", "dataset"): "dataset",
        ("TfdsExampleGen", "manual_dir"): "data_path",
        ("Trainer", "steps"): "steps",
        ("Trainer_big", "steps"): "steps",
    }


def test_fingerprints_come_from_the_first_node(spec: dict[str, Any]) -> None:
    outputs = {
        (task, name): given["taskOutputParameter"]["outputParameterKey"]
        for task in spec["root"]["dag"]["tasks"]
        for name, given in parameters(spec, task).items()
        if "taskOutputParameter" in given
    }

    assert outputs == {
        ("TfdsExampleGen", "content_fingerprint"): "content_fingerprint",
        ("LiveModel", "destination_fingerprint"): "live_fingerprint",
        ("LiveModel_big", "destination_fingerprint"): "live_fingerprint",
        ("EvaluationReporter", "content_fingerprint"): "content_fingerprint",
        ("EvaluationReporter_big", "content_fingerprint"): "content_fingerprint",
    }
    facts = json.loads(constant(spec, "SourceFingerprint", "compiled"))
    assert facts["code_fingerprints"]["Trainer"] in constant(
        spec, "Trainer", "custom_config"
    )
    assert json.loads(constant(spec, "SourceFingerprint", "destinations")) == {
        "": ["/models", "carseg"],
        "big": ["/models", "carseg_big"],
    }


def test_the_pushers_and_the_first_node_look_outside(spec: dict[str, Any]) -> None:
    tasks = spec["root"]["dag"]["tasks"]

    assert {task for task in tasks if looks_outside(task)} == {
        "SourceFingerprint",
        "ModelPusher",
        "ModelPusher_big",
    }


def test_the_reports_lineage_has_no_fingerprint_that_nobody_knows_yet(
    spec: dict[str, Any],
) -> None:
    lineage = json.loads(constant(spec, "EvaluationReporter", "lineage"))

    assert "content_fingerprint" not in lineage
    assert set(lineage["code_fingerprints"]) >= {"LiveModel", "RecordSchema"}


@pytest.mark.parametrize("preset", sorted(set(PRESETS) - CLASSES_IN_FOLDER))
def test_every_other_preset_needs_no_data(preset: str) -> None:
    from tfx_pipeline.runners.described_dataset import describe_dataset

    config = PRESETS[preset]()

    dataset = describe_dataset(config, None, config.data.task)

    assert all(taxonomy["classes"] for taxonomy in dataset.taxonomies.values())


def test_classes_that_lie_in_the_folder_are_asked_for(tmp_path: Path) -> None:
    from tfx_pipeline.runners.make_plan import plan_at

    config = PRESETS["production"]()
    with pytest.raises(UsageError, match=r"folder_masks: manual_dir .* --manual-dir"):
        plan_at(config, places())

    (tmp_path / "taxonomy.yaml").write_text(
        "task: objects\nclasses:\n"
        "  - {id: 0, name: background, rgb: [0, 0, 0]}\n"
        "  - {id: 1, name: car, rgb: [200, 0, 0]}\n"
    )
    plan = plan_at(config, places(described_by=str(tmp_path)))

    assert [entry["name"] for entry in plan.taxonomy["classes"]] == [
        "background",
        "car",
    ]
