"""The TFX node that hands a blessed model to the servers."""

from __future__ import annotations

from typing import Any, ClassVar

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.types import channel_utils, component_spec, standard_artifacts

from components.artifacts import Approval, GateVerdict, ServingValidation
from components.model_pusher.destination_fingerprint import INTACT
from components.model_pusher.executor import Executor


class ModelPusherSpec(component_spec.ComponentSpec):
    """What goes in, what comes out."""

    INPUTS: ClassVar[dict[str, Any]] = {
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "model_blessing": component_spec.ChannelParameter(
            type=standard_artifacts.ModelBlessing
        ),
        "infra_blessing": component_spec.ChannelParameter(
            type=standard_artifacts.InfraBlessing
        ),
        "verdict": component_spec.ChannelParameter(type=GateVerdict, optional=True),
        "validation": component_spec.ChannelParameter(
            type=ServingValidation, optional=True
        ),
        "approval": component_spec.ChannelParameter(type=Approval, optional=True),
    }
    OUTPUTS: ClassVar[dict[str, Any]] = {
        "pushed_model": component_spec.ChannelParameter(
            type=standard_artifacts.PushedModel
        )
    }
    PARAMETERS: ClassVar[dict[str, Any]] = {
        "directory": component_spec.ExecutionParameter(type=str),
        "model_name": component_spec.ExecutionParameter(type=str),
        "keep_versions": component_spec.ExecutionParameter(type=int),
        # A channel that is given and stays empty looks like one that is not given.
        "needs_approval": component_spec.ExecutionParameter(type=int),
        "destination_fingerprint": component_spec.ExecutionParameter(type=str),
        "code_fingerprint": component_spec.ExecutionParameter(type=str),
    }


class ModelPusher(base_component.BaseComponent):
    """Makes a model with both blessings the newest version that servers find.

    On a local disk the version appears whole or not at all; a model that is there
    already is not pushed again. The output `pushed_model` has TFX's custom properties
    `pushed`, `pushed_destination` and `pushed_version`, and `push.json`. Beside the
    versions, `BLESSED.json` says which is live, since when, by which verdict and whose
    approval.

    Example:
        pusher = ModelPusher(
            model=packager.outputs["packaged_model"],
            model_blessing=gate.outputs["blessing"],
            infra_blessing=validator.outputs["blessing"],
            directory="/srv/models", model_name="car")
    """

    SPEC_CLASS = ModelPusherSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(Executor)

    def __init__(
        self,
        *,
        model: types.BaseChannel,
        model_blessing: types.BaseChannel,
        infra_blessing: types.BaseChannel,
        directory: str,
        model_name: str,
        keep_versions: int = 0,
        verdict: types.BaseChannel | None = None,
        validation: types.BaseChannel | None = None,
        approval: types.BaseChannel | None = None,
        destination_fingerprint: str = INTACT,
        code_fingerprint: str = "",
    ) -> None:
        """Builds the node.

        Args:
            model: `packaged_model` of the packager.
            model_blessing: `ModelBlessing` of the gate.
            infra_blessing: `InfraBlessing` of the serving validation.
            directory: Versions go to `<directory>/<model_name>/<version>`.
            model_name: Under which the model is served.
            keep_versions: The newest so many stay there; 0 keeps all.
            verdict: `GateVerdict`, named in `BLESSED.json`.
            validation: `ServingValidation`, named in `BLESSED.json`.
            approval: `Approval`, named there too; where it is given, nothing is pushed
                that no person approved.
            destination_fingerprint: See the function of that name; without it the
                cache does not notice that a pushed version was deleted.
            code_fingerprint: Hash of the sources, so that the cache sees their change.
        """
        if keep_versions < 0:
            raise ValueError(f"keep_versions must be 0 or more, got {keep_versions}")
        super().__init__(
            ModelPusherSpec(
                model=model,
                model_blessing=model_blessing,
                infra_blessing=infra_blessing,
                verdict=verdict,
                validation=validation,
                approval=approval,
                directory=directory,
                model_name=model_name,
                keep_versions=keep_versions,
                needs_approval=int(approval is not None),
                destination_fingerprint=destination_fingerprint,
                code_fingerprint=code_fingerprint,
                pushed_model=channel_utils.as_channel(
                    [standard_artifacts.PushedModel()]
                ),
            )
        )
