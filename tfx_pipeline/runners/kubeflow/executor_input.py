"""Makes what Kubeflow hands to a container into what TFX's entry point can read.

On open-source Kubeflow Pipelines the two do not fit. Seen in TFX 1.16.0
(`orchestration/kubeflow/v2/container`) and in Kubeflow's sources of 2025 and 2026:

* Input artifacts come without a type (`GetOutputArtifactsByExecutionId` in
  `backend/src/v2/metadata/client.go` leaves the schema empty) or, without ML Metadata,
  with one of Kubeflow's own. TFX takes the Python class from it and fails. The types
  that were compiled are other arguments of the same command.
* TFX takes the title of a type that is not its own for an import path.
* URIs name an object store; the launcher keeps the files in local folders.
* A folder with no file in it is not stored, so the next node does not find it.
* With published logs there is an output that no TFX component has declared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from kfp.pipeline_spec import pipeline_spec_pb2 as spec
from tfx.orchestration.kubeflow.v2 import compiler_utils
from tfx.types.value_artifact import ValueArtifact
from tfx.utils import import_utils

from tfx_pipeline.runners.kubeflow.artifact_paths import KeptArtifacts, local_path

# A title is `<name>.<Class>`: it cannot name a module inside a package.
_OURS, _OUR_MODULE = "components.", "components.artifacts."


def localize(
    executor_input: spec.ExecutorInput,
    inputs_spec: spec.ComponentInputsSpec,
    outputs_spec: spec.ComponentOutputsSpec,
    root: str,
) -> KeptArtifacts:
    """Changes the message into one for TFX, and makes the folders that it names.

    Args:
        executor_input: What the launcher puts in place of `{{$}}`.
        inputs_spec: The inputs' types as TFX has compiled them.
        outputs_spec: The outputs' types as TFX has compiled them.
        root: Folder that holds the launcher's folders.

    Returns:
        The artifacts, to name them by their URIs again after the execution.

    Raises:
        UsageError: An artifact is where no launcher fetches it from.
    """
    inputs, outputs = executor_input.inputs.artifacts, executor_input.outputs.artifacts
    for key in set(outputs) - set(outputs_spec.artifacts):  # logs of the driver's
        del outputs[key]
    uris: dict[str, str] = {}
    for typed, artifact in (
        *_typed_artifacts(inputs, inputs_spec),
        *_typed_artifacts(outputs, outputs_spec),
    ):
        path = local_path(artifact.uri, root)
        uris[path] = artifact.uri
        artifact.uri = path
        class_path = _class_path(typed.artifact_type)
        artifact.type.schema_title = class_path
        _make_folder(Path(path), class_path)
    return KeptArtifacts(uris=uris)


def _typed_artifacts(
    artifacts: Mapping[str, spec.ArtifactList],
    declared: spec.ComponentInputsSpec | spec.ComponentOutputsSpec,
) -> Iterator[tuple[Any, spec.RuntimeArtifact]]:
    for key, each in artifacts.items():
        for artifact in each.artifacts:
            yield declared.artifacts[key], artifact


def _class_path(schema: spec.ArtifactTypeSchema) -> str:
    title: str = yaml.safe_load(schema.instance_schema)["title"]
    if title.startswith(_OURS):
        return _OUR_MODULE + title.removeprefix(_OURS)
    class_path: str = compiler_utils.TITLE_TO_CLASS_PATH[title]
    return class_path


def _make_folder(path: Path, class_path: str) -> None:
    if issubclass(import_utils.import_class_by_path(class_path), ValueArtifact):
        path = path.parent  # a value is a file
    path.mkdir(parents=True, exist_ok=True)
