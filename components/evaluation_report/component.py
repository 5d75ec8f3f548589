"""The TFX node that writes the report which a person reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from tfx import types
from tfx.dsl.components.base import base_beam_component, executor_spec
from tfx.types import channel_utils, component_spec, standard_artifacts

from components.artifacts import (
    Approval,
    DatasetAudit,
    EvaluationReport,
    GateVerdict,
    ServingValidation,
)
from components.evaluation_report.executor import Executor
from components.segmentation_metrics.decision_table import DecisionCosts

_CHANNEL = component_spec.ChannelParameter


class EvaluationReporterSpec(component_spec.ComponentSpec):
    """What goes in, what comes out."""

    INPUTS: ClassVar[dict[str, Any]] = {
        "evaluation": _CHANNEL(type=standard_artifacts.ModelEvaluation),
        "verdict": _CHANNEL(type=GateVerdict),
        "model": _CHANNEL(type=standard_artifacts.Model),
        "examples": _CHANNEL(type=standard_artifacts.Examples),
        # Optional ones may also be given and stay empty: a node that was skipped.
        "model_run": _CHANNEL(type=standard_artifacts.ModelRun, optional=True),
        "audit": _CHANNEL(type=DatasetAudit, optional=True),
        "packaged_model": _CHANNEL(type=standard_artifacts.Model, optional=True),
        "serving_validation": _CHANNEL(type=ServingValidation, optional=True),
        "approval": _CHANNEL(type=Approval, optional=True),
    }
    OUTPUTS: ClassVar[dict[str, Any]] = {"report": _CHANNEL(type=EvaluationReport)}
    PARAMETERS: ClassVar[dict[str, Any]] = {
        "task": component_spec.ExecutionParameter(type=str),
        "taxonomy": component_spec.ExecutionParameter(type=str),
        "lineage": component_spec.ExecutionParameter(type=str),
        "content_fingerprint": component_spec.ExecutionParameter(
            type=str, optional=True
        ),
        "dataset": component_spec.ExecutionParameter(type=str, optional=True),
        "steps": component_spec.ExecutionParameter(type=int, optional=True),
        "costs": component_spec.ExecutionParameter(type=str),
        "photos_per_class": component_spec.ExecutionParameter(type=int),
        "inference_batch_size": component_spec.ExecutionParameter(type=int),
        "test_split": component_spec.ExecutionParameter(type=str),
        "code_fingerprint": component_spec.ExecutionParameter(type=str),
    }


class EvaluationReporter(base_beam_component.BaseBeamComponent):
    """Writes `report.html` and `metrics.json` for a blessed or refused model alike.

    Packager and serving check may hang on a `Cond` that this node does not hang on:
    where they are skipped, their channels are empty and the report says so.

    Example:
        EvaluationReporter(
            evaluation=evaluator.outputs["evaluation"],
            verdict=gate.outputs["verdict"], model=trainer.outputs["model"],
            model_run=trainer.outputs["model_run"],
            examples=gen.outputs["examples"], audit=auditor.outputs["audit"],
            packaged_model=packager.outputs["packaged_model"],
            task="car", taxonomy=taxonomy.to_dict(), lineage={"config": ...})
    """

    SPEC_CLASS = EvaluationReporterSpec
    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(Executor)

    def __init__(
        self,
        *,
        evaluation: types.BaseChannel,
        verdict: types.BaseChannel,
        model: types.BaseChannel,
        examples: types.BaseChannel,
        task: str,
        taxonomy: Mapping[str, Any],
        lineage: Mapping[str, Any] | None = None,
        run_values: Mapping[str, Any] | None = None,
        model_run: types.BaseChannel | None = None,
        audit: types.BaseChannel | None = None,
        packaged_model: types.BaseChannel | None = None,
        serving_validation: types.BaseChannel | None = None,
        approval: types.BaseChannel | None = None,
        costs: Mapping[str, float] | None = None,
        photos_per_class: int = 3,
        inference_batch_size: int = 4,
        test_split: str = "test",
        code_fingerprint: str = "",
    ) -> None:
        """Builds the node.

        Args:
            evaluation: Of the Evaluator that ran with
                `segmentation_metrics.eval_config`.
            verdict: `GateVerdict` of the same model.
            model: The trained model, with the signature `examples`.
            examples: Records whose test split was measured.
            task: Name of the task, whose mask is `mask/<task>`.
            taxonomy: The taxonomy's JSON form.
            lineage: JSON values by name: configuration, fingerprints, versions.
            run_values: What joins the lineage and only the run knows, as parameters of
                the run or values of earlier nodes: `content_fingerprint`, `dataset`
                and `steps`.
            model_run: The Trainer's folder with `history.json`.
            audit: `DatasetAudit` of the data.
            packaged_model: Output of ModelPackager.
            serving_validation: Output of the serving check.
            approval: Whether a person approved the model, where one is asked.
            costs: What a photo costs, `automatic`, `manual`, `missed` and
                `false_alarm`; None leaves costs out.
            photos_per_class: Worst photos of a class and as many typical ones; worst
                photos of a slice.
            inference_batch_size: Records predicted at once; bounds the memory.
            test_split: Split that was measured.
            code_fingerprint: Hash of the sources, so that the cache sees their change.

        Raises:
            ValueError: A number is below what makes sense, or a cost is missing.
        """
        _check_at_least(0, "photos_per_class", photos_per_class)
        _check_at_least(1, "inference_batch_size", inference_batch_size)
        super().__init__(
            EvaluationReporterSpec(
                evaluation=evaluation,
                verdict=verdict,
                model=model,
                examples=examples,
                model_run=model_run,
                audit=audit,
                packaged_model=packaged_model,
                serving_validation=serving_validation,
                approval=approval,
                task=task,
                taxonomy=json.dumps(taxonomy, sort_keys=True, ensure_ascii=False),
                lineage=json.dumps(lineage or {}, ensure_ascii=False),
                **(run_values or {}),
                costs=_to_json(costs),
                photos_per_class=photos_per_class,
                inference_batch_size=inference_batch_size,
                test_split=test_split,
                code_fingerprint=code_fingerprint,
                report=channel_utils.as_channel([EvaluationReport()]),
            )
        )


def _to_json(costs: Mapping[str, float] | None) -> str:
    """Returns the costs as the executor reads them; `''` where there are none."""
    if costs is None:
        return ""
    return json.dumps(DecisionCosts.from_dict(costs).to_dict(), sort_keys=True)


def _check_at_least(lowest: int, name: str, value: int) -> None:
    if value < lowest:
        raise ValueError(f"{name} must be at least {lowest}, got {value}; 3 is usual")
