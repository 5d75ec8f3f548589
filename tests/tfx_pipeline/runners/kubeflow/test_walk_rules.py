"""The walk is as strict as Kubeflow where a compiled pipeline can be wrong."""

from __future__ import annotations

from typing import Any

import celpy
import pytest
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2 as spec

from tests.tfx_pipeline.runners.kubeflow.ir_walk.artifact_records import ArtifactRecord
from tests.tfx_pipeline.runners.kubeflow.ir_walk.compiled import Compiled
from tests.tfx_pipeline.runners.kubeflow.ir_walk.conditions import will_trigger
from tests.tfx_pipeline.runners.kubeflow.ir_walk.driver import (
    Finished,
    resolve_inputs,
    run_parameters,
)

BLESSED = "(inputs.artifacts['audit'].artifacts[0].metadata['blessed'] == 1.0)"


def record(metadata: dict[str, Any]) -> ArtifactRecord:
    artifact = spec.RuntimeArtifact(uri="s3://cars/audit")
    json_format.ParseDict(metadata, artifact.metadata)
    return ArtifactRecord.of(artifact, "audit")


def given(metadata: dict[str, Any]) -> spec.ExecutorInput:
    executor_input = spec.ExecutorInput()
    artifacts = record(metadata).as_input("ml metadata")
    executor_input.inputs.artifacts["audit"].CopyFrom(artifacts)
    return executor_input


def pipeline(parameter: dict[str, Any], declared: str = "STRING") -> Compiled:
    """A pipeline of two tasks of which the second one does not wait."""
    component = {
        "executorLabel": "e",
        "inputDefinitions": {"parameters": {"word": {"parameterType": declared}}},
    }
    reader = {
        "taskInfo": {"name": "reader"},
        "componentRef": {"name": "reader"},
        "inputs": {"parameters": {"word": parameter}},
    }
    writer = {"taskInfo": {"name": "writer"}, "componentRef": {"name": "writer"}}
    document = {
        "components": {"reader": component, "writer": {"executorLabel": "e"}},
        "root": {"dag": {"tasks": {"reader": reader, "writer": writer}}},
        "deploymentSpec": {"executors": {"e": {}}},
    }
    message = spec.PipelineSpec()
    json_format.ParseDict(document, message)
    return Compiled(pipeline=message)


@pytest.mark.parametrize(("blessed", "runs"), [(1, True), (0, False), (True, True)])
def test_a_condition_reads_the_metadata_of_an_input(blessed: Any, runs: bool) -> None:
    assert will_trigger(BLESSED, given({"blessed": blessed})) is runs


def test_a_condition_on_what_is_not_there_fails_the_task() -> None:
    with pytest.raises(celpy.CELEvalError):
        will_trigger(BLESSED, given({"other": 1}))


def test_metadata_comes_back_as_kubeflow_stores_it() -> None:
    stored = record({"count": 3, "flag": True, "names": ["a"], "more": {"b": 1}})

    assert stored.metadata == {
        "display_name": "audit",
        "store_session_info": "{}",
        "count": 3.0,
        "flag": 1.0,
        "names": {"list": ["a"]},
        "more": {"struct": {"b": 1.0}},
    }


def test_metadata_without_a_value_fails_the_launcher() -> None:
    with pytest.raises(ValueError, match="cannot store metadata 'never_set'"):
        record({"never_set": None})


def test_an_input_of_a_task_that_is_not_waited_for_is_not_found() -> None:
    output = {"producerTask": "writer", "outputParameterKey": "word"}
    reader = next(iter(pipeline({"taskOutputParameter": output}).tasks()))

    with pytest.raises(KeyError, match="writer"):
        resolve_inputs(reader, {}, {}, "ml metadata")


def test_a_parameter_of_another_type_is_refused() -> None:
    constant = {"runtimeValue": {"constant": "wheel"}}
    reader = next(iter(pipeline(constant, declared="NUMBER_INTEGER").tasks()))

    with pytest.raises(AssertionError, match="reader gets a string_value"):
        resolve_inputs(reader, {}, {"writer": Finished()}, "ml metadata")


def test_a_run_takes_defaults_and_no_unknown_parameters() -> None:
    root = spec.ComponentSpec()
    declared = {"steps": {"parameterType": "NUMBER_INTEGER", "defaultValue": 5}}
    json_format.ParseDict({"inputDefinitions": {"parameters": declared}}, root)

    assert run_parameters(root, {})["steps"].number_value == 5
    assert run_parameters(root, {"steps": 7})["steps"].number_value == 7
    with pytest.raises(AssertionError, match="unknown parameters"):
        run_parameters(root, {"step": 7})
