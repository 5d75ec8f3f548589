"""Wires the stages; decides nothing but which follow which."""

from __future__ import annotations

from typing import Any

from tfx.dsl.experimental.conditionals.conditional import Cond
from tfx.orchestration import metadata, pipeline

from tfx_pipeline.pipeline.data_nodes import DataNodes, data_nodes
from tfx_pipeline.pipeline.gate_nodes import gate_nodes
from tfx_pipeline.pipeline.plan import Plan
from tfx_pipeline.pipeline.report_nodes import report_node
from tfx_pipeline.pipeline.serving_nodes import serving_nodes
from tfx_pipeline.pipeline.training_nodes import imported_models, training_nodes


def create_pipeline(plan: Plan) -> pipeline.Pipeline:
    """Returns the pipeline of a plan, up to the stage that its config names."""
    metadata_path = plan.places.metadata_path
    return pipeline.Pipeline(
        pipeline_name=plan.config.run.name,
        pipeline_root=plan.places.pipeline_root,
        components=_nodes(plan),
        enable_cache=plan.config.run.cache,
        metadata_connection_config=(
            metadata.sqlite_metadata_connection_config(metadata_path)
            if metadata_path
            else None
        ),
        beam_pipeline_args=plan.config.beam.pipeline_args(),
    )


def _nodes(plan: Plan) -> list[Any]:
    data = data_nodes(plan)
    nodes = data.all()
    if plan.config.run.until == "audit":
        return nodes
    base_models = imported_models(plan)
    nodes += base_models.values()
    # The one condition of the pipeline. A second one inside it would ask for an
    # artifact that is missing where the first one is false; TFX evaluates them in any
    # order and then marks the node as failed. Nodes behind the gate read its blessing.
    audit = data.auditor.outputs["audit"].future()[0]
    with Cond(audit.custom_property("blessed") == 1):
        training = training_nodes(plan, data, base_models)
        nodes += training.all()
        if plan.config.run.until != "train":
            for name, trainer in training.trainers.items():
                nodes += _judged(plan, data, trainer, name)
    return nodes


def _judged(plan: Plan, data: DataNodes, trainer: Any, candidate: str) -> list[Any]:
    """Returns all that follows one Trainer."""
    gate = gate_nodes(plan, data, trainer, candidate)
    serving = None
    if plan.config.run.until == "push":
        serving = serving_nodes(plan, gate, candidate)
    report = report_node(plan, data, gate, serving, candidate)
    return [*gate.all(), *(serving.all() if serving else []), report]
