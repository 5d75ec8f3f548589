"""Artifacts in, `package_model`, a packaged model or its refusal out."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from typing import Any

from absl import logging
from tfx import types
from tfx.components.util import model_utils
from tfx.dsl.components.base import base_executor
from tfx.dsl.io import fileio
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components.model_gate.evaluation_reader import CANDIDATE, read_evaluation
from components.model_packager.figures import list_figures
from components.model_packager.package import (
    Measured,
    Packaged,
    PackageSettings,
    package_model,
)

REPORT_FILE = "package.json"
NOT_BLESSED = "the gate did not bless the model, so it is not packaged"

Artifacts = Mapping[str, list[types.Artifact]]


class Executor(base_executor.BaseExecutor):
    """Executor of `ModelPackager`."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Packages the model; what speaks against it is written, never raised."""
        self._log_startup(input_dict, output_dict, exec_properties)
        output = artifact_utils.get_single_instance(output_dict["packaged_model"])
        packaged = _package(input_dict, output.uri, exec_properties)
        _write_report(packaged, output)
        for reason in packaged.reasons:
            logging.warning("The model is not packaged: %s", reason)


def _package(
    input_dict: Artifacts, uri: str, exec_properties: Mapping[str, Any]
) -> Packaged:
    blessing = artifact_utils.get_single_instance(input_dict["blessing"])
    verdict = _read_json(input_dict, "verdict", "verdict.json")
    if not model_utils.is_model_blessed(blessing):
        reasons = verdict["reasons"] if verdict else []
        return Packaged(reasons=[NOT_BLESSED, *reasons])
    model = artifact_utils.get_single_instance(input_dict["model"])
    audit = _read_json(input_dict, "audit", "audit.json") or {"splits": {}}
    return package_model(
        path_utils.serving_model_path(
            model.uri, path_utils.is_old_model_artifact(model)
        ),
        path_utils.serving_model_dir(uri),
        _settings(exec_properties),
        Measured(
            figures=_read_figures(input_dict),
            verdict=verdict,
            splits={
                name: split["examples"]
                for name, split in sorted(audit["splits"].items())
            },
        ),
    )


def _settings(exec_properties: Mapping[str, Any]) -> PackageSettings:
    return PackageSettings(
        model_name=exec_properties["model_name"],
        taxonomy=json.loads(exec_properties["taxonomy"]),
        target_version=exec_properties["target_version"],
        intended_use=exec_properties["intended_use"],
        limits=json.loads(exec_properties["limits"]),
        warmup_batch_sizes=json.loads(exec_properties["warmup_batch_sizes"]),
    )


def _read_json(input_dict: Artifacts, name: str, file: str) -> dict[str, Any] | None:
    if not input_dict.get(name):
        return None
    uri = artifact_utils.get_single_uri(input_dict[name])
    with fileio.open(posixpath.join(uri, file)) as stream:
        return json.load(stream)


def _read_figures(input_dict: Artifacts) -> list[dict[str, Any]]:
    if not input_dict.get("evaluation"):
        return []
    uri = artifact_utils.get_single_uri(input_dict["evaluation"])
    return list_figures(read_evaluation(uri)[CANDIDATE])


def _write_report(packaged: Packaged, output: types.Artifact) -> None:
    is_packaged = not packaged.reasons
    report = {"packaged": is_packaged, "reasons": list(packaged.reasons)}
    fileio.makedirs(output.uri)
    content = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    with fileio.open(posixpath.join(output.uri, REPORT_FILE), "wb") as stream:
        stream.write(content.encode("utf-8"))
    output.set_int_custom_property("packaged", int(is_packaged))
    output.set_string_custom_property(
        "reasons", json.dumps(report["reasons"], ensure_ascii=False)
    )
    output.set_string_custom_property("manifest_sha256", packaged.manifest_sha256)
