"""Runs the container of a task: artifacts in, command, artifacts and metadata out.

Follows `executeV2` in `backend/src/v2/component/launcher_v2.go`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Value
from kfp.pipeline_spec import pipeline_spec_pb2 as spec

from tests.tfx_pipeline.runners.kubeflow.ir_walk.artifact_records import ArtifactRecord
from tests.tfx_pipeline.runners.kubeflow.ir_walk.compiled import Task
from tests.tfx_pipeline.runners.kubeflow.ir_walk.containers import (
    Container,
    ContainerHost,
)
from tests.tfx_pipeline.runners.kubeflow.ir_walk.driver import Finished
from tests.tfx_pipeline.runners.kubeflow.ir_walk.object_stores import ObjectStore
from tfx_pipeline.runners.kubeflow.run_node import ROOT_VARIABLE

LAST_LINES = 40


class ContainerFailed(AssertionError):
    """A container ended with another exit code than 0; its log is the message."""


@dataclass(frozen=True, kw_only=True)
class Launcher:
    """Runs containers in folders that stand in for their file systems."""

    store: ObjectStore
    host: ContainerHost

    def launch(
        self, task: Task, executor_input: spec.ExecutorInput, folder: Path
    ) -> Finished:
        """Runs the task's container in the folder."""
        for artifacts in executor_input.inputs.artifacts.values():
            uri = artifacts.artifacts[0].uri
            if path := self.store.local_path(uri, folder):
                self.store.download(uri, path)
        self._prepare_outputs(executor_input.outputs, folder)
        self._run(task, executor_input, folder)
        finished = self._publish(executor_input.outputs, task, folder)
        self.store.forget(folder)
        return finished

    def _prepare_outputs(
        self, outputs: spec.ExecutorInput.Outputs, folder: Path
    ) -> None:
        for parameter in outputs.parameters.values():
            Path(parameter.output_file).parent.mkdir(parents=True, exist_ok=True)
        for artifacts in outputs.artifacts.values():
            path = self.store.local_path(artifacts.artifacts[0].uri, folder)
            assert path, "the launcher refuses an output that it cannot keep"
            path.parent.mkdir(parents=True, exist_ok=True)

    def _run(
        self, task: Task, executor_input: spec.ExecutorInput, folder: Path
    ) -> None:
        placeholders = self._placeholders(task, executor_input, folder)
        container = task.executor.container
        command = [
            _replaced(word, placeholders)
            for word in (*container.command, *container.args)
        ]
        environment = {variable.name: variable.value for variable in container.env}
        running = Container(
            command=command,
            folder=folder,
            environment=environment | {ROOT_VARIABLE: str(folder)},
        )
        code = self.host.run(running)
        if code:
            lines = running.log.read_text("utf-8", "replace").splitlines()
            raise ContainerFailed(
                f"{task.name} ended with {code}:\n" + "\n".join(lines[-LAST_LINES:])
            )

    def _placeholders(
        self, task: Task, executor_input: spec.ExecutorInput, folder: Path
    ) -> dict[str, str]:
        with_defaults = spec.ExecutorInput()
        with_defaults.CopyFrom(executor_input)
        values = with_defaults.inputs.parameter_values
        for name, parameter in task.component.input_definitions.parameters.items():
            if name not in values and parameter.HasField("default_value"):
                values[name].CopyFrom(parameter.default_value)
        texts = {"{{$}}": json_format.MessageToJson(with_defaults, indent=None)}
        for name, value in values.items():
            texts[f"{{{{$.inputs.parameters['{name}']}}}}"] = _text(value)
        sides = {"inputs": executor_input.inputs, "outputs": executor_input.outputs}
        for side, message in sides.items():
            for name, artifacts in message.artifacts.items():
                uri = artifacts.artifacts[0].uri
                key = f"$.{side}.artifacts['{name}']"
                texts[f"{{{{{key}.uri}}}}"] = uri
                path = self.store.local_path(uri, folder)
                texts[f"{{{{{key}.path}}}}"] = str(path)
        return texts

    def _publish(
        self, outputs: spec.ExecutorInput.Outputs, task: Task, folder: Path
    ) -> Finished:
        written = spec.ExecutorOutput()
        file = Path(outputs.output_file)
        if file.exists():
            # As strictly as Go's: an unknown field is an error.
            json_format.Parse(file.read_text("utf-8"), written)
        records = {}
        for key, artifacts in outputs.artifacts.items():
            artifact = artifacts.artifacts[0]
            if written.artifacts[key].artifacts:
                _merge(written.artifacts[key].artifacts[0], artifact)
            # The launcher looks for the files where the URI says, even a new one.
            path = self.store.local_path(artifact.uri, folder)
            if path and path.exists():
                self.store.upload(path, artifact.uri)
            records[key] = ArtifactRecord.of(artifact, key)
        return Finished(
            artifacts=records, parameters=_output_parameters(outputs, written, task)
        )


def _replaced(word: str, placeholders: Mapping[str, str]) -> str:
    for placeholder, text in placeholders.items():
        word = word.replace(placeholder, text)
    return word


def _text(value: Value) -> str:
    plain = json_format.MessageToDict(value)
    if isinstance(plain, str):
        return plain
    if isinstance(plain, float) and plain.is_integer():
        return str(int(plain))
    return json.dumps(plain)


def _merge(source: spec.RuntimeArtifact, target: spec.RuntimeArtifact) -> None:
    if source.uri:
        target.uri = source.uri
    target.metadata.MergeFrom(source.metadata)


def _output_parameters(
    outputs: spec.ExecutorInput.Outputs, written: spec.ExecutorOutput, task: Task
) -> dict[str, Value]:
    parameters = dict(written.parameter_values)
    for name, parameter in outputs.parameters.items():
        if name not in parameters:
            declared = task.component.output_definitions.parameters[name]
            text = Path(parameter.output_file).read_text("utf-8")
            is_text = declared.parameter_type == spec.ParameterType.STRING
            parameters[name] = json_format.ParseDict(
                text if is_text else json.loads(text), Value()
            )
    return parameters
