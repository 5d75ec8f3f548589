"""Artifacts in, `run_audit`, artifact out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from absl import logging
from tensorflow_metadata.proto.v0 import anomalies_pb2
from tfx import types
from tfx.dsl.components.base.base_beam_executor import BaseBeamExecutor
from tfx.dsl.io import fileio
from tfx.types import artifact_utils

from components.dataset_auditor.audit import run_audit
from components.dataset_auditor.tolerances import AuditTolerances

_ANOMALIES_FILE = "SchemaDiff.pb"
_SKIPPED_FILE = "skipped.json"


class Executor(BaseBeamExecutor):
    """Executor of `DatasetAuditor`."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Audits the examples; findings are written, never raised."""
        self._log_startup(input_dict, output_dict, exec_properties)
        output = artifact_utils.get_single_instance(output_dict["audit"])
        examples = artifact_utils.get_single_instance(input_dict["examples"])
        report = run_audit(
            splits=_split_files(examples),
            task=exec_properties["task"],
            taxonomy=json.loads(exec_properties["taxonomy"]),
            tolerances=AuditTolerances.from_dict(
                json.loads(exec_properties["tolerances"])
            ),
            slice_features=json.loads(exec_properties["slice_features"]),
            skipped=_read_skipped(input_dict.get("skipped")),
            anomalies=_read_anomalies(input_dict.get("anomalies")),
            out_dir=output.uri,
            beam_pipeline_args=self._beam_pipeline_args,
        )
        output.set_int_custom_property("blessed", int(report["blessed"]))
        output.set_string_custom_property(
            "reasons", json.dumps(report["reasons"], ensure_ascii=False)
        )
        for reason in report["reasons"]:
            logging.warning("The dataset is refused: %s", reason)


def describe_anomalies(anomalies: anomalies_pb2.Anomalies) -> list[str]:
    """Returns a sentence per anomaly, of features and of the dataset."""
    sentences = [
        f"{_feature_name(key, info)}: {info.short_description}. {info.description}"
        for key, info in anomalies.anomaly_info.items()
    ]
    if anomalies.HasField("dataset_anomaly_info"):
        info = anomalies.dataset_anomaly_info
        sentences.append(f"dataset: {info.short_description}. {info.description}")
    return sorted(sentence.strip() for sentence in sentences)


def _feature_name(key: str, info: anomalies_pb2.AnomalyInfo) -> str:
    return ".".join(info.path.step) or key


def _split_files(examples: types.Artifact) -> Mapping[str, Sequence[str]]:
    return {
        split: sorted(
            fileio.glob(
                f"{artifact_utils.get_split_uri([examples], split)}/data_tfrecord-*"
            )
        )
        for split in artifact_utils.decode_split_names(examples.split_names)
    }


def _read_skipped(artifacts: list[types.Artifact] | None) -> dict[str, Any] | None:
    if not artifacts:
        return None
    uri = artifact_utils.get_single_instance(artifacts).uri
    with fileio.open(f"{uri}/{_SKIPPED_FILE}") as stream:
        return json.load(stream)


def _read_anomalies(artifacts: list[types.Artifact] | None) -> dict[str, list[str]]:
    return dict(_anomalies_by_split(artifacts or []))


def _anomalies_by_split(
    artifacts: list[types.Artifact],
) -> Iterator[tuple[str, list[str]]]:
    for artifact in artifacts:
        for split in artifact_utils.decode_split_names(artifact.split_names):
            uri = artifact_utils.get_split_uri([artifact], split)
            with fileio.open(f"{uri}/{_ANOMALIES_FILE}", "rb") as stream:
                parsed = anomalies_pb2.Anomalies.FromString(stream.read())
            yield split, describe_anomalies(parsed)
