"""The TFX node that decides whether a model may go live."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from tfx import types
from tfx.dsl.components.base import base_beam_component, executor_spec
from tfx.types import channel_utils, component_spec, standard_artifacts

from components.artifacts import GateVerdict
from components.model_gate.executor import Executor
from components.model_gate.thresholds import GateThresholds


class ModelGateSpec(component_spec.ComponentSpec):
    """What goes in, what comes out."""

    INPUTS: ClassVar[dict[str, Any]] = {
        "evaluation": component_spec.ChannelParameter(
            type=standard_artifacts.ModelEvaluation
        ),
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "baseline_model": component_spec.ChannelParameter(
            type=standard_artifacts.Model, optional=True
        ),
    }
    OUTPUTS: ClassVar[dict[str, Any]] = {
        "blessing": component_spec.ChannelParameter(
            type=standard_artifacts.ModelBlessing
        ),
        "verdict": component_spec.ChannelParameter(type=GateVerdict),
    }
    PARAMETERS: ClassVar[dict[str, Any]] = {
        "task": component_spec.ExecutionParameter(type=str),
        "taxonomy": component_spec.ExecutionParameter(type=str),
        "thresholds": component_spec.ExecutionParameter(type=str),
        "signature_name": component_spec.ExecutionParameter(type=str),
        "train_split": component_spec.ExecutionParameter(type=str),
        "test_split": component_spec.ExecutionParameter(type=str),
        "code_fingerprint": component_spec.ExecutionParameter(type=str),
    }


class ModelGate(base_beam_component.BaseBeamComponent):
    """Blesses a model or refuses it, and says why; it never raises on findings.

    The output `blessing` is what Evaluator would write: the Resolver with
    `LatestBlessedModelStrategy` and the Pusher take it as they are. The output
    `verdict` (`GateVerdict`) holds `verdict.json` and `verdict.txt`.

    Example:
        gate = ModelGate(
            evaluation=evaluator.outputs["evaluation"],
            model=trainer.outputs["model"], examples=gen.outputs["examples"],
            baseline_model=resolver.outputs["model"], task="car",
            taxonomy=taxonomy.to_dict(), thresholds=GateThresholds(...))
        blessed = gate.outputs["verdict"].future()[0].custom_property("blessed")
        with tfx.dsl.Cond(blessed == 1):
            ...
    """

    SPEC_CLASS = ModelGateSpec
    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(Executor)

    def __init__(
        self,
        *,
        evaluation: types.BaseChannel,
        model: types.BaseChannel,
        examples: types.BaseChannel,
        task: str,
        taxonomy: Mapping[str, Any],
        thresholds: GateThresholds | None = None,
        baseline_model: types.BaseChannel | None = None,
        signature_name: str = "examples",
        train_split: str = "train",
        test_split: str = "test",
        code_fingerprint: str = "",
    ) -> None:
        """Builds the node.

        Args:
            evaluation: Output of the Evaluator that ran with
                `segmentation_metrics.eval_config`.
            model: The model that it measured.
            examples: Records with masks, for the training set's mean mask.
            task: Name of the task, whose mask is `mask/<task>`.
            taxonomy: The taxonomy's JSON form.
            thresholds: Bounds; None leaves the standing rules alone.
            baseline_model: The live model, the same as the Evaluator's.
            signature_name: Signature that the evaluation asked.
            train_split: Split whose mean mask the model must beat.
            test_split: Split that the Evaluator measured.
            code_fingerprint: Hash of the sources, so that the cache sees their change.
        """
        bounds = thresholds or GateThresholds()
        super().__init__(
            ModelGateSpec(
                evaluation=evaluation,
                model=model,
                examples=examples,
                baseline_model=baseline_model,
                task=task,
                taxonomy=json.dumps(taxonomy, sort_keys=True, ensure_ascii=False),
                thresholds=json.dumps(bounds.to_dict(), sort_keys=True),
                signature_name=signature_name,
                train_split=train_split,
                test_split=test_split,
                code_fingerprint=code_fingerprint,
                blessing=channel_utils.as_channel([standard_artifacts.ModelBlessing()]),
                verdict=channel_utils.as_channel([GateVerdict()]),
            )
        )
