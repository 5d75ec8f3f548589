"""Stops a training whose loss is no number any more."""

from __future__ import annotations

import math
from typing import Any

import keras

from tfx_pipeline.config.training import TrainingConfig


class WatchLoss(keras.callbacks.Callback):
    """Raises after the first step with a loss of NaN or infinity.

    It stands first among the callbacks, so that such weights reach no backup.

    Args:
        config: For the message.
    """

    def __init__(self, config: TrainingConfig) -> None:
        super().__init__()
        self._config = config

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Looks at the mean loss of the epoch so far."""
        if not math.isfinite(logs["loss"]):
            raise ValueError(
                f"the loss must stay a number, got {logs['loss']} after"
                f" {int(self.model.optimizer.iterations)} steps; lower"
                f" training.learning_rate ({self._config.learning_rate:g}), set"
                f" training.clip_norm ({self._config.clip_norm:g}) or"
                f" training.precision=float32 ({self._config.precision})"
            )
