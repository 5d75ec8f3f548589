"""Makes what TFX's entry point has written into what Kubeflow's launcher publishes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from kfp.pipeline_spec import pipeline_spec_pb2 as spec
from tfx.components.evaluator import constants

from tfx_pipeline.runners.kubeflow.artifact_paths import KeptArtifacts

# TFX replaces the numbers that it made up for these only where its own Evaluator wrote
# them, and a number of 63 bits does not survive JSON.
_MODEL_IDS = (
    constants.ARTIFACT_PROPERTY_CURRENT_MODEL_ID_KEY,
    constants.ARTIFACT_PROPERTY_BASELINE_MODEL_ID_KEY,
)


def restore(file: Path, kept: KeptArtifacts, name_from_id: Mapping[int, str]) -> None:
    """Rewrites the file with URIs and names of artifacts as Kubeflow knows them.

    Args:
        file: `ExecutorOutput` as JSON.
        kept: The artifacts of the execution.
        name_from_id: Number that TFX gave to an input artifact -> Kubeflow's name.
    """
    output = spec.ExecutorOutput()
    json_format.Parse(file.read_text("utf-8"), output)
    names = {float(number): name for number, name in name_from_id.items()}
    for artifacts in output.artifacts.values():
        for artifact in artifacts.artifacts:
            artifact.uri = kept.restored(artifact.uri)
            _restore_metadata(artifact.metadata, kept, names)
    file.write_text(json_format.MessageToJson(output), "utf-8")


def _restore_metadata(
    metadata: Struct, kept: KeptArtifacts, names: Mapping[float, str]
) -> None:
    for key, value in list(metadata.fields.items()):
        kind = value.WhichOneof("kind")
        if kind == "null_value":  # the launcher fails on it
            del metadata.fields[key]
        elif kind == "string_value":
            value.string_value = kept.restored(value.string_value)
        elif key in _MODEL_IDS and value.number_value in names:
            value.string_value = names[value.number_value]
