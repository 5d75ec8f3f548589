"""The nodes that prepare pictures and train on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tfx import components as tfx_components
from tfx.dsl.components.common.importer import Importer
from tfx.proto import trainer_pb2, transform_pb2
from tfx.types import standard_artifacts

from components.audited_trainer.component import AuditedTrainer
from tfx_pipeline.pipeline.data_nodes import DataNodes
from tfx_pipeline.pipeline.node_ids import node_id
from tfx_pipeline.pipeline.plan import Plan

PREPROCESSING_FN = "tfx_pipeline.modules.transform.preprocessing_fn"
# Where the settings of a Trainer say how many batches an epoch has at most.
STEPS_FIELD = ("training", "max_steps_per_epoch")
RUN_FN = "tfx_pipeline.modules.trainer.run_fn"


@dataclass(frozen=True, kw_only=True)
class TrainingNodes:
    """Transform, and one Trainer per candidate."""

    transform: Any
    trainers: Mapping[str, Any]

    def all(self) -> list[Any]:
        """Returns the nodes in an order that they may run in."""
        return [self.transform, *self.trainers.values()]


def imported_models(plan: Plan) -> dict[str, Any]:
    """Returns for each candidate that starts from another model what imports it.

    They stand outside the pipeline's condition: Kubeflow refuses one on an importer.
    """
    return {
        name: Importer(
            source_uri=settings.training.base_model,
            artifact_type=standard_artifacts.Model,
        ).with_id(node_id("BaseModel", name))
        for name, settings in plan.trainers.items()
        if settings.training.base_model
    }


def training_nodes(
    plan: Plan, data: DataNodes, base_models: Mapping[str, Any]
) -> TrainingNodes:
    """Returns Transform and the Trainers."""
    transform = _transform(plan, data)
    trainers = {
        name: _trainer(plan, data, transform, base_models.get(name), name)
        for name in plan.trainers
    }
    return TrainingNodes(transform=transform, trainers=trainers)


def _transform(plan: Plan, data: DataNodes) -> Any:
    return tfx_components.Transform(
        examples=data.example_gen.outputs["examples"],
        schema=data.schema.outputs["schema"],
        preprocessing_fn=PREPROCESSING_FN,
        splits_config=transform_pb2.SplitsConfig(
            analyze=["train"], transform=["train", "eval"]
        ),
        custom_config=plan.transform.to_dict(),
        # Means and quantiles of encoded pictures tell nothing, and take a fifth of it.
        disable_statistics=True,
    )


def _trainer(
    plan: Plan,
    data: DataNodes,
    transform: Any,
    base_model: Any | None,
    candidate: str,
) -> Any:
    settings = plan.trainers[candidate]
    weighs_classes = settings.training.class_weights == "audit"
    return AuditedTrainer(
        run_fn=RUN_FN,
        examples=transform.outputs["transformed_examples"],
        transform_graph=transform.outputs["transform_graph"],
        schema=data.schema.outputs["schema"],
        # Not where it is not read: another audit would train anew.
        audit=data.auditor.outputs["audit"] if weighs_classes else None,
        base_model=base_model.outputs["result"] if base_model else None,
        train_args=trainer_pb2.TrainArgs(splits=["train"]),
        eval_args=trainer_pb2.EvalArgs(splits=["eval"]),
        custom_config=settings.to_dict(),
        steps=plan.places.steps,
        steps_field=STEPS_FIELD,
    ).with_id(node_id("Trainer", candidate))
