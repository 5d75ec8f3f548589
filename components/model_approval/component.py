"""The TFX node that asks for a person's signature."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.types import channel_utils, component_spec, standard_artifacts

from components.artifacts import Approval
from components.model_approval.executor import Executor
from components.model_approval.signed_file import SignedFile


class ModelApprovalSpec(component_spec.ComponentSpec):
    """What goes in, what comes out."""

    INPUTS: ClassVar[dict[str, Any]] = {
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "infra_blessing": component_spec.ChannelParameter(
            type=standard_artifacts.InfraBlessing
        ),
    }
    OUTPUTS: ClassVar[dict[str, Any]] = {
        "approval": component_spec.ChannelParameter(type=Approval)
    }
    PARAMETERS: ClassVar[dict[str, Any]] = {
        "model_name": component_spec.ExecutionParameter(type=str),
        "signed_file": component_spec.ExecutionParameter(type=str),
        "code_fingerprint": component_spec.ExecutionParameter(type=str),
    }


class ModelApproval(base_component.BaseComponent):
    """Looks whether a person approved this very model in a file.

    The file's content is an execution property: signing reruns this node and what
    follows, nothing before. It names the model by the hash of its files, so that an
    old signature approves no new model. The output `approval` (`Approval`) holds
    `approval.json` and `approval.txt`.

    Example:
        approval = ModelApproval(
            model=packager.outputs["packaged_model"],
            infra_blessing=validator.outputs["blessing"],
            model_name="car", signed_file=read_signed_file("approval.yaml"))
        pusher = ModelPusher(approval=approval.outputs["approval"], ...)
    """

    SPEC_CLASS = ModelApprovalSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(Executor)

    def __init__(
        self,
        *,
        model: types.BaseChannel,
        infra_blessing: types.BaseChannel,
        model_name: str,
        signed_file: SignedFile,
        code_fingerprint: str = "",
    ) -> None:
        """Builds the node.

        Args:
            model: `packaged_model` of the packager.
            infra_blessing: `InfraBlessing` of the serving validation; for a model
                that it refused, nobody is asked.
            model_name: Under which the model is served.
            signed_file: What a person wrote, read when the run began.
            code_fingerprint: Hash of the sources, so that the cache sees their change.
        """
        super().__init__(
            ModelApprovalSpec(
                model=model,
                infra_blessing=infra_blessing,
                model_name=model_name,
                signed_file=json.dumps(signed_file.to_dict(), sort_keys=True),
                code_fingerprint=code_fingerprint,
                approval=channel_utils.as_channel([Approval()]),
            )
        )
