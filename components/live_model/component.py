"""The TFX node that finds the model which servers have now."""

from __future__ import annotations

from typing import Any, ClassVar

from tfx.dsl.components.base import base_component, executor_spec
from tfx.dsl.placeholder import placeholder
from tfx.types import channel_utils, component_spec, standard_artifacts

from components.live_model.executor import Executor


class LiveModelSpec(component_spec.ComponentSpec):
    """What goes in, what comes out."""

    INPUTS: ClassVar[dict[str, Any]] = {}
    OUTPUTS: ClassVar[dict[str, Any]] = {
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model)
    }
    PARAMETERS: ClassVar[dict[str, Any]] = {
        "directory": component_spec.ExecutionParameter(type=str),
        "model_name": component_spec.ExecutionParameter(type=str),
        "destination_fingerprint": component_spec.ExecutionParameter(type=str),
        "code_fingerprint": component_spec.ExecutionParameter(type=str),
    }


class LiveModel(base_component.BaseComponent):
    """Gives a copy of what `ModelPusher` last made live, for a new one's comparison.

    A Resolver would ask ML Metadata, which Kubeflow does not offer to pipelines. The
    output `model` has the layout of the Trainer's and the custom properties `exists`
    (1 or 0), `damage` (why a live model cannot be used, '' if it can) and `version`.
    Without a model it holds only `live_model.json`, which says the same; see
    `existing_models`.

    Example:
        live = LiveModel(directory="/srv/models", model_name="car",
                         destination_fingerprint=live_fingerprint(destination))
        evaluator = ComparedEvaluator(baseline_model=live.outputs["model"], ...)
    """

    SPEC_CLASS = LiveModelSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(Executor)

    def __init__(
        self,
        *,
        directory: str,
        model_name: str,
        destination_fingerprint: str | placeholder.Placeholder,
        code_fingerprint: str = "",
    ) -> None:
        """Builds the node.

        Args:
            directory: Where the pusher's `directory` is.
            model_name: Under which the model is served.
            destination_fingerprint: See `live_fingerprint`; without it the cache does
                not notice a push. The value of an earlier node's output, too.
            code_fingerprint: Hash of the sources, so that the cache sees their change.
        """
        super().__init__(
            LiveModelSpec(
                directory=directory,
                model_name=model_name,
                destination_fingerprint=destination_fingerprint,
                code_fingerprint=code_fingerprint,
                model=channel_utils.as_channel([standard_artifacts.Model()]),
            )
        )
