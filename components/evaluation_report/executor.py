"""Artifacts in, `report.html` and `metrics.json` out."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from typing import Any

from tfx import types
from tfx.dsl.components.base.base_beam_executor import BaseBeamExecutor
from tfx.dsl.io import fileio
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components.evaluation_report.decisions import is_blessed, list_decisions
from components.evaluation_report.evaluation_matrix import matrix_of
from components.evaluation_report.metrics_json import describe_metrics
from components.evaluation_report.page import render_page
from components.evaluation_report.photo_passes import PhotoPasses
from components.evaluation_report.predictions import AskedModel
from components.evaluation_report.private_text import hide_paths
from components.evaluation_report.report_facts import InputArtifact, ReportFacts
from components.evaluation_report.report_files import METRICS_FILE, REPORT_FILE
from components.evaluation_report.shown_photos import ShownPhotos
from components.evaluation_report.weak_slices import weakest_slices
from components.model_gate.evaluation_reader import (
    BASELINE,
    CANDIDATE,
    read_measured,
)
from components.model_gate.measurements import Measured, SliceKey
from components.model_gate.verdict import min_groups_of
from components.segmentation_metrics.decision_table import DecisionCosts

# Input to the JSON file in its folder; each may be missing but the verdict.
_DOCUMENTS = {
    "verdict": "verdict.json",
    "model_run": "history.json",
    "audit": "audit.json",
    "packaged_model": "package.json",
    "serving_validation": "validation.json",
    "approval": "approval.json",
}
# Properties of the node that join the lineage, where the run has them.
RUN_VALUES = ("dataset", "content_fingerprint", "steps")

Artifacts = Mapping[str, list[types.Artifact]]


class Executor(BaseBeamExecutor):
    """Executor of `EvaluationReporter`."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Predicts the test photos again, for their pictures, and writes both files."""
        self._log_startup(input_dict, output_dict, exec_properties)
        output = artifact_utils.get_single_instance(output_dict["report"])
        fileio.makedirs(output.uri)
        evaluation = artifact_utils.get_single_uri(input_dict["evaluation"])
        measured = read_measured(evaluation)
        documents = {
            name: _read_document(input_dict, name, file)
            for name, file in _DOCUMENTS.items()
        }
        slices = weakest_slices(
            measured[CANDIDATE].numbers, min_groups_of(documents["verdict"] or {})
        )
        passes = self._passes(input_dict, output.uri, exec_properties, slices)
        photos = passes.run(exec_properties["photos_per_class"])
        facts = _read_facts(input_dict, documents, exec_properties, measured, photos)
        metrics = json.dumps(
            describe_metrics(facts), indent=1, ensure_ascii=False, allow_nan=False
        )
        _write(output.uri, METRICS_FILE, metrics + "\n")
        _write(output.uri, REPORT_FILE, render_page(facts))
        blessed = is_blessed(list_decisions(facts))
        output.set_int_custom_property("blessed", int(blessed))

    def _passes(
        self,
        input_dict: Artifacts,
        work_dir: str,
        exec_properties: Mapping[str, Any],
        slices: list[SliceKey],
    ) -> PhotoPasses:
        model = artifact_utils.get_single_instance(input_dict["model"])
        examples = artifact_utils.get_single_instance(input_dict["examples"])
        return PhotoPasses(
            files=_split_files(examples, exec_properties["test_split"]),
            asked=AskedModel(
                folder=path_utils.serving_model_path(
                    model.uri, path_utils.is_old_model_artifact(model)
                ),
                batch_size=exec_properties["inference_batch_size"],
            ),
            task=exec_properties["task"],
            taxonomy=json.loads(exec_properties["taxonomy"]),
            work_dir=work_dir,
            slices=tuple(slices),
            beam_pipeline_args=self._beam_pipeline_args,
        )


def _read_facts(
    input_dict: Artifacts,
    documents: Mapping[str, Any],
    exec_properties: Mapping[str, Any],
    measured: Mapping[str, Measured],
    photos: ShownPhotos,
) -> ReportFacts:
    taxonomy = json.loads(exec_properties["taxonomy"])
    candidate = measured[CANDIDATE]
    costs = exec_properties["costs"]
    return ReportFacts(
        taxonomy=taxonomy,
        verdict=documents["verdict"] or {},
        measured=candidate,
        live=measured[BASELINE],
        matrix=matrix_of(candidate, len(taxonomy["classes"])),
        photos=photos,
        costs=DecisionCosts.from_dict(json.loads(costs)) if costs else None,
        history=documents["model_run"],
        audit=documents["audit"],
        package=documents["packaged_model"],
        validation=documents["serving_validation"],
        approval=documents["approval"],
        lineage=read_lineage(exec_properties),
        artifacts=[
            InputArtifact(
                channel=channel,
                type_name=artifact.type_name,
                mlmd_id=artifact.id,
            )
            for channel, artifacts in sorted(input_dict.items())
            for artifact in artifacts
            if not channel.startswith("_")  # of a Cond around the node
        ],
    )


def read_lineage(exec_properties: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the lineage with what only this run knows."""
    of_run = {
        name: exec_properties[name] for name in RUN_VALUES if exec_properties.get(name)
    }
    return hide_paths({**json.loads(exec_properties["lineage"]), **of_run})


def _read_document(
    input_dict: Artifacts, channel: str, file: str
) -> dict[str, Any] | None:
    if not input_dict.get(channel):
        return None
    path = posixpath.join(artifact_utils.get_single_uri(input_dict[channel]), file)
    if not fileio.exists(path):
        return None
    with fileio.open(path, "rb") as stream:
        return hide_paths(json.loads(stream.read().decode("utf-8")))


def _split_files(examples: types.Artifact, split: str) -> list[str]:
    if split not in artifact_utils.decode_split_names(examples.split_names):
        return []
    uri = artifact_utils.get_split_uri([examples], split)
    return sorted(fileio.glob(f"{uri}/data_tfrecord-*"))


def _write(folder: str, name: str, text: str) -> None:
    with fileio.open(posixpath.join(folder, name), "wb") as stream:
        stream.write(text.encode("utf-8"))
