"""The network with everything that training changes: optimizer, loss, metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import tensorflow as tf

from tfx_pipeline.config.trainer_settings import TrainerSettings
from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.modeling.class_weights import class_weights
from tfx_pipeline.modeling.losses import CrossEntropyDice
from tfx_pipeline.modeling.metrics import ConfusionMeanIoU, mean_iou_metrics
from tfx_pipeline.modeling.optimizer import KernelAdamW, build_optimizer
from tfx_pipeline.modeling.registry import build_model
from tfx_pipeline.training.mirrored_optimizer import MirroredAdamW


@dataclass(frozen=True)
class Learner:
    """A compiled model and its metrics, which Keras builds with the first batch only.

    Attributes:
        model: Compiled, its optimizer built.
        metrics: Mean IoU with and without background.
    """

    model: keras.Model
    metrics: Sequence[ConfusionMeanIoU]

    def variables(self) -> dict[str, list[keras.Variable]]:
        """Returns all that a step changes, by kind.

        `model` holds weights, moving statistics and the state of dropout; `metrics`
        the counts of the running epoch.
        """
        counted = [self.model.metrics[0], *self.metrics]  # Keras' own is of the loss
        return {
            "model": self.model.variables,
            "optimizer": self.model.optimizer.variables,
            "metrics": [entry for metric in counted for entry in metric.variables],
        }


def build_network(settings: TrainerSettings) -> keras.Model:
    """Returns the configured network with fresh weights."""
    return build_model(
        settings.model,
        num_classes=len(settings.taxonomy["classes"]),
        height_px=settings.prepare.height_px,
        width_px=settings.prepare.width_px,
    )


def compile_learner(
    model: keras.Model,
    settings: TrainerSettings,
    *,
    total_steps: int,
    class_pixels: Sequence[int] | None,
) -> Learner:
    """Gives the network its optimizer, loss and metrics, for the current strategy.

    Args:
        model: What `build_network` returned, with the weights to start from.
        settings: Optimizer, loss and the taxonomy's background.
        total_steps: Steps of the whole training.
        class_pixels: Pixels of each class in the train split, from the audit.
    """
    training = settings.training
    metrics = mean_iou_metrics(
        len(settings.taxonomy["classes"]), settings.taxonomy["background_id"]
    )
    model.compile(
        optimizer=_optimizer(training, total_steps),
        loss=CrossEntropyDice(
            ce_weight=training.ce_weight,
            dice_weight=training.dice_weight,
            class_weights=_class_weights(settings, class_pixels),
            over=training.loss_over,
        ),
        metrics=metrics,
    )
    model.optimizer.build(model.trainable_variables)
    return Learner(model, metrics)


def _optimizer(training: TrainingConfig, total_steps: int) -> KernelAdamW:
    optimizer = build_optimizer(training, total_steps=total_steps)
    if tf.distribute.get_strategy().num_replicas_in_sync == 1:
        return optimizer
    return MirroredAdamW.from_config(optimizer.get_config())


def _class_weights(
    settings: TrainerSettings, pixels: Sequence[int] | None
) -> list[float] | None:
    if settings.training.class_weights == "none":
        return None
    names = [entry["name"] for entry in settings.taxonomy["classes"]]
    if pixels is None or len(pixels) != len(names):
        raise ValueError(
            "training.class_weights='audit' needs the train split's pixels of the"
            f" classes {', '.join(names)}, got {pixels}; connect the node's input"
            " `audit`, or set training.class_weights=none"
        )
    return class_weights(pixels, power=settings.training.class_weight_power)
