"""Artifacts in, `validate_model`, two artifacts out: the blessing and its reasons."""

from __future__ import annotations

import json
import os
from typing import Any

from absl import logging
from tfx import types
from tfx.dsl.components.base import base_executor
from tfx.types import artifact_utils
from tfx.utils import io_utils

from components.model_pusher.local_model import local_model
from components.serving_validator.settings import ServingSettings
from components.serving_validator.validate import validate_model
from components.serving_validator.validation import Check, Validation

NOT_PACKAGED = "the packager refused the model, so there is nothing to serve"
# What TFX's own InfraValidator writes, and its Pusher reads.
BLESSED, HAS_MODEL = "blessed", "has_model"
FILES = {True: "INFRA_BLESSED", False: "INFRA_NOT_BLESSED"}


class Executor(base_executor.BaseExecutor):
    """Executor of `ServingValidator`."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Validates the model; findings are written, never raised."""
        self._log_startup(input_dict, output_dict, exec_properties)
        model = artifact_utils.get_single_instance(input_dict["model"])
        settings = ServingSettings.from_dict(json.loads(exec_properties["settings"]))
        validation = _validate(model, settings)
        _write_validation(
            validation, artifact_utils.get_single_instance(output_dict["validation"])
        )
        _write_blessing(
            validation.blessed,
            artifact_utils.get_single_instance(output_dict["blessing"]),
        )
        for reason in validation.reasons:
            logging.warning("The served model is refused: %s", reason)


def _validate(model: types.Artifact, settings: ServingSettings) -> Validation:
    if model.get_int_custom_property("packaged") != 1:
        refused = Check(name="package", passed=False, sentence=NOT_PACKAGED)
        return Validation(model_name=settings.model_name, checks=[refused])
    with local_model(model) as folder:
        return validate_model(folder, settings)


def _write_validation(validation: Validation, artifact: types.Artifact) -> None:
    report = json.dumps(validation.to_dict(), indent=1, ensure_ascii=False) + "\n"
    io_utils.write_string_file(os.path.join(artifact.uri, "validation.json"), report)
    io_utils.write_string_file(
        os.path.join(artifact.uri, "validation.txt"), validation.to_text()
    )
    artifact.set_int_custom_property(BLESSED, int(validation.blessed))
    artifact.set_string_custom_property(
        "reasons", json.dumps(validation.reasons, ensure_ascii=False)
    )


def _write_blessing(blessed: bool, artifact: types.Artifact) -> None:
    io_utils.write_string_file(os.path.join(artifact.uri, FILES[blessed]), "")
    artifact.set_int_custom_property(BLESSED, int(blessed))
    artifact.set_int_custom_property(HAS_MODEL, 0)
