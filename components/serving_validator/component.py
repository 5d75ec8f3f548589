"""The TFX node that proves a packaged model on a real server."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.types import channel_utils, component_spec, standard_artifacts

from components.artifacts import ServingValidation
from components.serving_validator.executor import Executor
from components.serving_validator.settings import ServingSettings


class ServingValidatorSpec(component_spec.ComponentSpec):
    """What goes in, what comes out."""

    INPUTS: ClassVar[dict[str, Any]] = {
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model)
    }
    OUTPUTS: ClassVar[dict[str, Any]] = {
        "blessing": component_spec.ChannelParameter(
            type=standard_artifacts.InfraBlessing
        ),
        "validation": component_spec.ChannelParameter(type=ServingValidation),
    }
    PARAMETERS: ClassVar[dict[str, Any]] = {
        "settings": component_spec.ExecutionParameter(type=str),
        "code_fingerprint": component_spec.ExecutionParameter(type=str),
    }


class ServingValidator(base_component.BaseComponent):
    """Starts a server on the packaged model and compares it with the Keras model.

    The output `blessing` is what TFX's InfraValidator would write, which needs Docker
    or Kubernetes and compares nothing. The output `validation` (`ServingValidation`)
    holds `validation.json` and `validation.txt`.

    Example:
        validator = ServingValidator(
            model=packager.outputs["packaged_model"],
            settings=ServingSettings(model_name="car"))
        pusher = ModelPusher(infra_blessing=validator.outputs["blessing"], ...)
    """

    SPEC_CLASS = ServingValidatorSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(Executor)

    def __init__(
        self,
        *,
        model: types.BaseChannel,
        settings: ServingSettings,
        code_fingerprint: str = "",
    ) -> None:
        """Builds the node.

        Args:
            model: `packaged_model` of the packager.
            settings: Command and bounds.
            code_fingerprint: Hash of the sources, the server's among them, so that the
                cache sees their change.
        """
        super().__init__(
            ServingValidatorSpec(
                model=model,
                settings=json.dumps(settings.to_dict(), sort_keys=True),
                code_fingerprint=code_fingerprint,
                blessing=channel_utils.as_channel([standard_artifacts.InfraBlessing()]),
                validation=channel_utils.as_channel([ServingValidation()]),
            )
        )
