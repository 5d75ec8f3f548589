"""The nodes that measure a model, judge it, and package what is blessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from components.compared_evaluator.component import ComparedEvaluator
from components.live_model.component import LiveModel
from components.model_gate.component import ModelGate
from components.model_packager.component import ModelPackager
from components.segmentation_metrics.eval_config import EVALUATOR_MODULE, eval_config
from tfx_pipeline.pipeline.data_nodes import DataNodes, looked_up
from tfx_pipeline.pipeline.node_ids import model_name, node_id
from tfx_pipeline.pipeline.plan import Plan

TEST_SPLIT = "test"


@dataclass(frozen=True, kw_only=True)
class GateNodes:
    """One candidate's way from its Trainer to the packaged model."""

    trainer: Any
    live: Any
    evaluator: Any
    gate: Any
    packager: Any

    def all(self) -> list[Any]:
        """Returns the nodes behind the Trainer in an order that they may run in."""
        return [self.live, self.evaluator, self.gate, self.packager]


def gate_nodes(plan: Plan, data: DataNodes, trainer: Any, candidate: str) -> GateNodes:
    """Returns what finds the live model, evaluator, gate and packager of a model."""
    live = _live_model(plan, data, candidate)
    evaluator = _evaluator(plan, data, trainer, live).with_id(
        node_id("Evaluator", candidate)
    )
    gate = ModelGate(
        evaluation=evaluator.outputs["evaluation"],
        model=trainer.outputs["model"],
        baseline_model=live.outputs["model"],
        examples=data.example_gen.outputs["examples"],
        task=plan.task,
        taxonomy=plan.taxonomy,
        thresholds=plan.config.gate.thresholds(),
        code_fingerprint=plan.code_fingerprints["ModelGate"],
    ).with_id(node_id("ModelGate", candidate))
    packager = _packager(
        plan,
        data,
        trainer=trainer,
        evaluator=evaluator,
        gate=gate,
        candidate=candidate,
    )
    return GateNodes(
        trainer=trainer, live=live, evaluator=evaluator, gate=gate, packager=packager
    )


def _live_model(plan: Plan, data: DataNodes, candidate: str) -> Any:
    places = plan.places
    return LiveModel(
        directory=places.push_directory,
        model_name=model_name(plan.config.package.model_name, candidate),
        destination_fingerprint=(
            places.live_fingerprints[candidate]
            if data.source is None
            else looked_up(data.source, "live_fingerprint")
        ),
        code_fingerprint=plan.code_fingerprints["LiveModel"],
    ).with_id(node_id("LiveModel", candidate))


def _evaluator(plan: Plan, data: DataNodes, trainer: Any, live: Any) -> Any:
    evaluate = plan.config.evaluate
    return ComparedEvaluator(
        examples=data.example_gen.outputs["examples"],
        model=trainer.outputs["model"],
        baseline_model=live.outputs["model"],
        eval_config=eval_config(
            task=plan.task,
            taxonomy=plan.taxonomy,
            slice_features=evaluate.slice_features,
            inference_batch_size=evaluate.inference_batch_size,
            rest_class=evaluate.rest_class,
            replicates=evaluate.bootstrap_replicates,
            corruptions=evaluate.spoiled(),
            code_fingerprint=plan.code_fingerprints["Evaluator"],
        ),
        example_splits=[TEST_SPLIT],
        module_path=EVALUATOR_MODULE,
    )


def _packager(
    plan: Plan,
    data: DataNodes,
    *,
    trainer: Any,
    evaluator: Any,
    gate: Any,
    candidate: str,
) -> Any:
    package = plan.config.package
    return ModelPackager(
        model=trainer.outputs["model"],
        blessing=gate.outputs["blessing"],
        verdict=gate.outputs["verdict"],
        evaluation=evaluator.outputs["evaluation"],
        audit=data.auditor.outputs["audit"],
        model_name=model_name(package.model_name, candidate),
        taxonomy=plan.taxonomy,
        target_version=package.target_version,
        intended_use=package.intended_use,
        code_fingerprint=plan.code_fingerprints["ModelPackager"],
    ).with_id(node_id("ModelPackager", candidate))
