"""Blessings in, `push_model`, the version that holds the model out."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from absl import logging
from tfx import types
from tfx.components.util import model_utils
from tfx.dsl.components.base import base_executor
from tfx.dsl.io import fileio
from tfx.types import artifact_utils

from components.model_pusher.evidence import (
    collect_evidence,
    describe_approval,
    read_approval,
)
from components.model_pusher.local_model import local_model
from components.model_pusher.model_hash import model_hash
from components.model_pusher.open_destination import open_destination
from components.model_pusher.packaged_model import read_packaged_model
from components.model_pusher.push import Pushed, PushRequest, push_model

REPORT_FILE = "push.json"
NOT_PACKAGED = "the packager refused the model"
NOT_BLESSED = "the gate did not bless the model"
NOT_SERVED = "the serving validation did not bless the model"
NOT_APPROVED = "a person must approve the model, and none did"
OTHER_APPROVED = "a person approved another model than the one to push"
# What TFX's own Pusher sets, and what reads it.
PUSHED, DESTINATION, VERSION = "pushed", "pushed_destination", "pushed_version"

Artifacts = Mapping[str, list[types.Artifact]]


class Executor(base_executor.BaseExecutor):
    """Executor of `ModelPusher`."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Pushes a model that all allowed before; else says who did not."""
        self._log_startup(input_dict, output_dict, exec_properties)
        output = artifact_utils.get_single_instance(output_dict["pushed_model"])
        reasons = _refusals(input_dict) or _missing_approval(
            input_dict, is_needed=bool(exec_properties["needs_approval"])
        )
        if reasons:
            logging.warning("The model is not pushed: %s", "; ".join(reasons))
            output.set_int_custom_property(PUSHED, 0)
            _write_report(output, {"pushed": False, "reasons": reasons})
            return
        pushed = _push(input_dict, exec_properties)
        logging.info("%s: %s", exec_properties["model_name"], pushed.to_text())
        _mark_pushed(output, pushed, exec_properties, read_approval(input_dict))


def _refusals(input_dict: Artifacts) -> list[str]:
    model = artifact_utils.get_single_instance(input_dict["model"])
    verdict = artifact_utils.get_single_instance(input_dict["model_blessing"])
    served = artifact_utils.get_single_instance(input_dict["infra_blessing"])
    findings = {
        NOT_PACKAGED: model.get_int_custom_property("packaged") == 1,
        NOT_BLESSED: model_utils.is_model_blessed(verdict),
        NOT_SERVED: model_utils.is_infra_validated(served),
    }
    return [sentence for sentence, holds in findings.items() if not holds]


def _missing_approval(input_dict: Artifacts, *, is_needed: bool) -> list[str]:
    if not is_needed:
        return []
    approval = read_approval(input_dict)
    if approval is None:
        return [NOT_APPROVED]
    model = artifact_utils.get_single_instance(input_dict["model"])
    if not approval["approved"]:
        return list(approval["reasons"]) or [NOT_APPROVED]
    return [] if approval["model_sha256"] == model_hash(model) else [OTHER_APPROVED]


def _push(input_dict: Artifacts, exec_properties: Mapping[str, Any]) -> Pushed:
    name = exec_properties["model_name"]
    request = PushRequest(
        model_name=name,
        now=datetime.now(timezone.utc),
        keep_versions=exec_properties["keep_versions"],
        evidence=collect_evidence(input_dict),
    )
    destination = open_destination(exec_properties["directory"], name)
    model = artifact_utils.get_single_instance(input_dict["model"])
    with local_model(model) as folder:
        return push_model(read_packaged_model(folder), destination, request)


def _mark_pushed(
    output: types.Artifact,
    pushed: Pushed,
    exec_properties: Mapping[str, Any],
    approval: Mapping[str, Any] | None,
) -> None:
    name, version = exec_properties["model_name"], str(pushed.version)
    folder = open_destination(exec_properties["directory"], name).place
    output.set_int_custom_property(PUSHED, 1)
    output.set_string_custom_property(DESTINATION, posixpath.join(folder, version))
    output.set_string_custom_property(VERSION, version)
    report = {
        "pushed": True,
        "reasons": [],
        "model_name": name,
        "version": pushed.version,
        "live_version": pushed.live_version,
        "is_new": pushed.is_new,
        "removed": list(pushed.removed),
        "sentence": pushed.to_text(),
        "approval": describe_approval(approval) if approval else None,
    }
    _write_report(output, report)


def _write_report(output: types.Artifact, report: Mapping[str, Any]) -> None:
    fileio.makedirs(output.uri)
    content = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    with fileio.open(posixpath.join(output.uri, REPORT_FILE), "wb") as stream:
        stream.write(content.encode("utf-8"))
