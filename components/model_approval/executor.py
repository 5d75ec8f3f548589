"""Model and signed file in, `decide`, the approval out."""

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

from components.model_approval.decision import ApprovalDecision, decide
from components.model_approval.signed_file import SignedFile
from components.model_pusher.model_hash import model_hash

JSON_FILE, TEXT_FILE = "approval.json", "approval.txt"

Artifacts = Mapping[str, list[types.Artifact]]


class Executor(base_executor.BaseExecutor):
    """Executor of `ModelApproval`."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Looks for the signature; that it is missing is written, never raised."""
        self._log_startup(input_dict, output_dict, exec_properties)
        decision = decide(
            model_name=exec_properties["model_name"],
            model_sha256=_model_to_approve(input_dict),
            signed=SignedFile.from_dict(json.loads(exec_properties["signed_file"])),
            now=datetime.now(timezone.utc),
        )
        _write(decision, artifact_utils.get_single_instance(output_dict["approval"]))
        for reason in decision.reasons:
            logging.warning("The model is not approved: %s", reason)


def _model_to_approve(input_dict: Artifacts) -> str | None:
    model = artifact_utils.get_single_instance(input_dict["model"])
    served = artifact_utils.get_single_instance(input_dict["infra_blessing"])
    is_packaged = model.get_int_custom_property("packaged") == 1
    if not (is_packaged and model_utils.is_infra_validated(served)):
        return None
    return model_hash(model)


def _write(decision: ApprovalDecision, artifact: types.Artifact) -> None:
    report = json.dumps(decision.to_dict(), indent=2, ensure_ascii=False) + "\n"
    fileio.makedirs(artifact.uri)
    for name, text in ((JSON_FILE, report), (TEXT_FILE, decision.to_text())):
        with fileio.open(posixpath.join(artifact.uri, name), "wb") as stream:
            stream.write(text.encode("utf-8"))
    artifact.set_int_custom_property("approved", int(decision.approved))
    artifact.set_string_custom_property(
        "reasons", json.dumps(list(decision.reasons), ensure_ascii=False)
    )
