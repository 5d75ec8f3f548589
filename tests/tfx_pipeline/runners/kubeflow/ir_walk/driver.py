"""Resolves what a task is started with.

Follows `resolveInputs` in `backend/src/v2/driver/resolve.go` and `provisionOutputs` in
`backend/src/v2/driver/util.go`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Value
from kfp.pipeline_spec import pipeline_spec_pb2 as spec

from tests.tfx_pipeline.runners.kubeflow.ir_walk.artifact_records import (
    ArtifactRecord,
    Backend,
)
from tests.tfx_pipeline.runners.kubeflow.ir_walk.compiled import Task

_TYPES = spec.ParameterType
_KINDS: Mapping[int, str] = {
    _TYPES.STRING: "string_value",
    _TYPES.NUMBER_DOUBLE: "number_value",
    _TYPES.NUMBER_INTEGER: "number_value",
    _TYPES.BOOLEAN: "bool_value",
    _TYPES.LIST: "list_value",
    _TYPES.STRUCT: "struct_value",
}


@dataclass(frozen=True, kw_only=True)
class Finished:
    """What a task that ran to its end has left."""

    artifacts: Mapping[str, ArtifactRecord] = field(default_factory=dict)
    parameters: Mapping[str, Value] = field(default_factory=dict)


def resolve_inputs(
    task: Task,
    parameters: Mapping[str, Value],
    upstream: Mapping[str, Finished],
    backend: Backend,
) -> spec.ExecutorInput:
    """Returns the inputs of a task.

    Args:
        task: The task.
        parameters: The parameters of the run.
        upstream: Every task that this one has waited for, directly or not.
        backend: What keeps the artifacts of the run.
    """
    resolved = spec.ExecutorInput()
    values, artifacts = resolved.inputs.parameter_values, resolved.inputs.artifacts
    for name, parameter in task.spec.inputs.parameters.items():
        values[name].CopyFrom(_parameter(parameter, parameters, upstream))
    for name, artifact in task.spec.inputs.artifacts.items():
        source = artifact.task_output_artifact
        record = upstream[source.producer_task].artifacts[source.output_artifact_key]
        artifacts[name].CopyFrom(record.as_input(backend))
    _check_parameters(task, resolved.inputs)
    return resolved


def _parameter(
    parameter: spec.TaskInputsSpec.InputParameterSpec,
    parameters: Mapping[str, Value],
    upstream: Mapping[str, Finished],
) -> Value:
    match parameter.WhichOneof("kind"):
        case "component_input_parameter":
            return parameters[parameter.component_input_parameter]
        case "task_output_parameter":
            source = parameter.task_output_parameter
            outputs = upstream[source.producer_task].parameters
            return outputs[source.output_parameter_key]
        case "runtime_value" if parameter.runtime_value.HasField("constant"):
            return parameter.runtime_value.constant
    raise ValueError(f"the driver resolves no such parameter: {parameter}")


def _check_parameters(task: Task, inputs: spec.ExecutorInput.Inputs) -> None:
    for name, parameter in task.component.input_definitions.parameters.items():
        if name not in inputs.parameter_values:
            assert parameter.is_optional or parameter.HasField("default_value"), (
                f"{task.name} has neither value nor default for {name!r}"
            )
            continue
        kind = inputs.parameter_values[name].WhichOneof("kind")
        assert kind == _KINDS[parameter.parameter_type], (
            f"{task.name} gets a {kind} for its parameter {name!r}"
        )


def provision_outputs(
    task: Task, run_root: str, output_file: str, parameter_folder: str
) -> spec.ExecutorInput.Outputs:
    """Returns where a task puts its outputs.

    Args:
        task: The task.
        run_root: URI of the run's folder.
        output_file: Where the container writes `ExecutorOutput`.
        parameter_folder: Where it may write parameters.
    """
    outputs = spec.ExecutorInput.Outputs(output_file=output_file)
    salt = str(uuid.uuid4())
    for key, artifact in task.component.output_definitions.artifacts.items():
        runtime = outputs.artifacts[key].artifacts.add(
            uri=f"{run_root}/{task.name}/{salt}/{key}", type=artifact.artifact_type
        )
        if artifact.HasField("metadata"):
            runtime.metadata.CopyFrom(artifact.metadata)
    for key in task.component.output_definitions.parameters:
        outputs.parameters[key].output_file = f"{parameter_folder}/{key}"
    return outputs


def run_parameters(
    root: spec.ComponentSpec, given: Mapping[str, object]
) -> dict[str, Value]:
    """Returns the parameters of a run: the given ones, else their defaults."""
    declared = root.input_definitions.parameters
    assert given.keys() <= declared.keys(), f"unknown parameters in {sorted(given)}"
    values = {
        name: parameter.default_value
        for name, parameter in declared.items()
        if parameter.HasField("default_value")
    }
    return values | {
        name: json_format.ParseDict(value, Value()) for name, value in given.items()
    }
