"""TFX's Trainer with one more input: the audit of the dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tfx import types
from tfx.dsl.components.base import base_component, executor_spec
from tfx.orchestration import data_types
from tfx.proto import trainer_pb2
from tfx.types import component_spec, standard_artifacts, standard_component_specs
from tfx.utils import json_utils

from components.artifacts import DatasetAudit
from components.audited_trainer.executor import AUDIT, STEPS, STEPS_FIELD, Executor

_TRAINER = standard_component_specs.TrainerSpec


class AuditedTrainerSpec(component_spec.ComponentSpec):
    """What goes in, what comes out: as of TFX's Trainer, and an audit."""

    PARAMETERS: ClassVar[dict[str, Any]] = _TRAINER.PARAMETERS | {
        STEPS: component_spec.ExecutionParameter(type=int, optional=True),
        STEPS_FIELD: component_spec.ExecutionParameter(type=str, optional=True),
    }
    INPUTS: ClassVar[dict[str, Any]] = _TRAINER.INPUTS | {
        AUDIT: component_spec.ChannelParameter(type=DatasetAudit, optional=True)
    }
    OUTPUTS: ClassVar[dict[str, Any]] = _TRAINER.OUTPUTS
    TYPE_ANNOTATION = _TRAINER.TYPE_ANNOTATION


class AuditedTrainer(base_component.BaseComponent):
    """Trains with a `run_fn` by dotted path; outputs `model` and `model_run`.

    With an audit, `run_fn` finds the pixels of each class in the train split under
    `audit_class_pixels` in `fn_args.custom_config`. With `steps` above 0 it finds that
    number in the place of `steps_field`: the batches of an epoch at most, so that one
    compiled pipeline can be tried with few of them.

    Example:
        trainer = AuditedTrainer(
            run_fn="tfx_pipeline.modules.trainer.run_fn",
            examples=transform.outputs["transformed_examples"],
            audit=auditor.outputs["audit"],
            custom_config=settings.to_dict()).with_id("Trainer.unet")
    """

    SPEC_CLASS = AuditedTrainerSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(Executor)

    def __init__(
        self,
        *,
        run_fn: str,
        examples: types.BaseChannel,
        custom_config: Mapping[str, Any],
        audit: types.BaseChannel | None = None,
        transform_graph: types.BaseChannel | None = None,
        schema: types.BaseChannel | None = None,
        base_model: types.BaseChannel | None = None,
        hyperparameters: types.BaseChannel | None = None,
        steps: int | data_types.RuntimeParameter | None = None,
        steps_field: Sequence[str] = (),
        train_args: trainer_pb2.TrainArgs | None = None,
        eval_args: trainer_pb2.EvalArgs | None = None,
    ) -> None:
        """Builds the node.

        Args:
            run_fn: Dotted path of the function that trains.
            examples: `Examples` to train on.
            custom_config: What `run_fn` gets; JSON values.
            audit: Output of `DatasetAuditor` on the same data.
            transform_graph: Output of Transform.
            schema: Schema of the data.
            base_model: `Model` to start from.
            hyperparameters: Output of a Tuner.
            steps: Batches of an epoch at most; 0 or None leaves `custom_config` as it
                is. A runner's parameter of the run, too.
            steps_field: Keys in `custom_config`, from outside in, of that number.
            train_args: Names the split to train on; None is `train`.
            eval_args: Names the split to evaluate on; None is `eval`.
        """
        super().__init__(
            AuditedTrainerSpec(
                run_fn=run_fn,
                examples=examples,
                audit=audit,
                transform_graph=transform_graph,
                schema=schema,
                base_model=base_model,
                hyperparameters=hyperparameters,
                train_args=train_args or trainer_pb2.TrainArgs(),
                eval_args=eval_args or trainer_pb2.EvalArgs(),
                **({} if steps is None else _steps(steps, steps_field)),
                custom_config=json_utils.dumps(dict(custom_config)),
                model=types.Channel(type=standard_artifacts.Model),
                model_run=types.Channel(type=standard_artifacts.ModelRun),
            )
        )


def _steps(
    steps: int | data_types.RuntimeParameter, steps_field: Sequence[str]
) -> dict[str, Any]:
    """Returns what a node without `steps` does not have, nor its cache key."""
    if not steps_field:
        raise ValueError(
            "steps_field must name the place of steps in custom_config, got none"
        )
    return {STEPS: steps, STEPS_FIELD: json_utils.dumps(list(steps_field))}
