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
from tfx_pipeline.config.trainer_settings import TrainerSettings
from tfx_pipeline.pipeline.data_nodes import DataNodes
from tfx_pipeline.pipeline.node_ids import node_id
from tfx_pipeline.pipeline.plan import Plan

PREPROCESSING_FN = "tfx_pipeline.modules.transform.preprocessing_fn"
RUN_FN = "tfx_pipeline.modules.trainer.run_fn"


@dataclass(frozen=True, kw_only=True)
class TrainingNodes:
    """Transform, and one Trainer per candidate; base models are imported before."""

    transform: Any
    base_models: tuple[Any, ...]
    trainers: Mapping[str, Any]

    def all(self) -> list[Any]:
        """Returns the nodes in an order that they may run in."""
        return [self.transform, *self.base_models, *self.trainers.values()]


def training_nodes(plan: Plan, data: DataNodes) -> TrainingNodes:
    """Returns Transform and the Trainers."""
    transform = _transform(plan, data)
    base_models = {
        name: _base_model(settings.training.base_model, name)
        for name, settings in plan.trainers.items()
        if settings.training.base_model
    }
    trainers = {
        name: _trainer(settings, data, transform, base_models.get(name), name)
        for name, settings in plan.trainers.items()
    }
    return TrainingNodes(
        transform=transform, base_models=tuple(base_models.values()), trainers=trainers
    )


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


def _base_model(folder: str, candidate: str) -> Any:
    return Importer(source_uri=folder, artifact_type=standard_artifacts.Model).with_id(
        node_id("BaseModel", candidate)
    )


def _trainer(
    settings: TrainerSettings,
    data: DataNodes,
    transform: Any,
    base_model: Any | None,
    candidate: str,
) -> Any:
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
    ).with_id(node_id("Trainer", candidate))
