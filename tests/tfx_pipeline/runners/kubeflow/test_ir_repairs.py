"""Each fault of TFX's compiler, and the spec after its repair."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import yaml

from tests.tfx_pipeline.runners.kubeflow.small_spec import CONDITION, small_spec
from tfx_pipeline.runners.kubeflow.ir_repairs import kubeflow_name, repaired

TRAIN = "Train-deep-lab"


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    faulty = small_spec()
    before = copy.deepcopy(faulty)
    spec = repaired(faulty, pipeline_root="s3://b/root", defaults={"steps": 7})
    assert faulty == before  # it works on a copy
    return spec


def test_tasks_have_names_that_argo_allows_everywhere(spec: dict[str, Any]) -> None:
    tasks = spec["root"]["dag"]["tasks"]
    train = tasks[TRAIN]

    assert set(tasks) == set(spec["components"]) == {"Look", "Base", TRAIN}
    assert train["taskInfo"]["name"] == train["componentRef"]["name"] == TRAIN
    label = spec["components"][TRAIN]["executorLabel"]
    assert label == "Train-deep-lab-executor"
    assert label in spec["deploymentSpec"]["executors"]
    # What is not a task keeps its name: keys of artifacts, texts, conditions.
    assert set(train["inputs"]["artifacts"]) == {"_Look.audit", "base"}
    assert train["inputs"]["parameters"]["name"]["runtimeValue"] == {
        "constant": "deep_lab"
    }
    assert train["triggerPolicy"]["condition"] == CONDITION
    assert kubeflow_name("ModelPusher_a__b_") == "ModelPusher-a--b-"


def test_every_producer_is_a_task(spec: dict[str, Any]) -> None:
    tasks = spec["root"]["dag"]["tasks"]
    inputs = tasks[TRAIN]["inputs"]

    assert inputs["parameters"]["text"]["taskOutputParameter"] == {
        "producerTask": "Look",
        "outputParameterKey": "text",
    }
    producers = {
        source["taskOutputArtifact"]["producerTask"]
        for source in inputs["artifacts"].values()
    }
    assert producers == {"Look", "Base"} == set(tasks[TRAIN]["dependentTasks"])


def test_types_are_kubeflows_own(spec: dict[str, Any]) -> None:
    def titles(node: str, side: str) -> dict[str, str]:
        artifacts = spec["components"][node][side]["artifacts"].items()
        for _, artifact in artifacts:
            assert set(artifact["artifactType"]) == {"schemaTitle", "schemaVersion"}
        return {key: entry["artifactType"]["schemaTitle"] for key, entry in artifacts}

    assert titles("Look", "outputDefinitions") == {
        "audit": "system.Artifact",
        "examples": "system.Dataset",
        "text": "system.Artifact",
    }
    assert titles(TRAIN, "inputDefinitions") == {
        "_Look.audit": "system.Artifact",
        "base": "system.Model",
    }
    importer = spec["deploymentSpec"]["executors"]["Base-executor"]["importer"]
    assert importer["typeSchema"]["schemaTitle"] == "system.Model"
    assert importer["artifactUri"] == {"constant": "s3://b/m"}


def test_the_container_is_told_tfxs_types_of_its_outputs(spec: dict[str, Any]) -> None:
    executors = spec["deploymentSpec"]["executors"]
    args = executors["Look-executor"]["container"]["args"]

    assert args[:6] == [
        "--executor_class_path",
        "a.Executor",
        "--json_serialized_invocation_args",
        "{{$}}",
        "--json_serialized_inputs_spec_args",
        "{}",
    ]
    assert args[6] == "--json_serialized_outputs_spec_args"
    assert args[8:] == ["--runner=x"]
    outputs = json.loads(args[7])
    assert {
        key: yaml.safe_load(entry["artifactType"]["instanceSchema"])["title"]
        for key, entry in outputs["artifacts"].items()
    } == {
        "audit": "components.DatasetAudit",
        "examples": "tfx.Examples",
        "text": "tfx.String",
    }
    assert outputs["parameters"] == {"text": {"parameterType": "STRING"}}


def test_runtime_parameters_have_defaults_and_the_root_is_there(
    spec: dict[str, Any],
) -> None:
    assert spec["root"]["inputDefinitions"]["parameters"] == {
        "steps": {"parameterType": "NUMBER_INTEGER", "defaultValue": 7}
    }
    assert spec["defaultPipelineRoot"] == "s3://b/root"


def test_a_parameter_without_a_default_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError, match="steps"):
        repaired(small_spec(), pipeline_root="s3://b/root", defaults={})
