"""The node that writes what a person reads about one model."""

from __future__ import annotations

from typing import Any

from components.evaluation_report.component import EvaluationReporter
from tfx_pipeline.pipeline.data_nodes import DataNodes, looked_up
from tfx_pipeline.pipeline.gate_nodes import TEST_SPLIT, GateNodes
from tfx_pipeline.pipeline.node_ids import node_id
from tfx_pipeline.pipeline.plan import Plan
from tfx_pipeline.pipeline.serving_nodes import ServingNodes


def report_node(
    plan: Plan,
    data: DataNodes,
    gate: GateNodes,
    serving: ServingNodes | None,
    candidate: str,
) -> Any:
    """Returns the reporter of a blessed or refused model alike."""
    approval = serving.approval if serving else None
    return EvaluationReporter(
        evaluation=gate.evaluator.outputs["evaluation"],
        verdict=gate.gate.outputs["verdict"],
        model=gate.trainer.outputs["model"],
        model_run=gate.trainer.outputs["model_run"],
        examples=data.example_gen.outputs["examples"],
        audit=data.auditor.outputs["audit"],
        packaged_model=gate.packager.outputs["packaged_model"],
        serving_validation=serving.validator.outputs["validation"] if serving else None,
        approval=None if approval is None else approval.outputs["approval"],
        task=plan.task,
        taxonomy=plan.taxonomy,
        lineage=plan.lineage,
        run_values=_run_values(plan, data),
        costs=plan.config.evaluate.costs,
        inference_batch_size=plan.config.evaluate.inference_batch_size,
        test_split=TEST_SPLIT,
        code_fingerprint=plan.code_fingerprints["EvaluationReporter"],
    ).with_id(node_id("EvaluationReporter", candidate))


def _run_values(plan: Plan, data: DataNodes) -> dict[str, Any]:
    """Returns what the plan does not know where each run may differ."""
    if data.source is None:
        return {}
    steps = plan.places.steps
    return {
        "content_fingerprint": looked_up(data.source, "content_fingerprint"),
        "dataset": plan.places.dataset,
        **({} if steps is None else {"steps": steps}),
    }
