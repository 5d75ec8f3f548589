"""Keeps the record of a training: steps, epochs, seconds, best weights."""

from __future__ import annotations

import time
from typing import Any

import keras

from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.training.training_state import TrainingState

_EVAL = "val_"  # what Keras puts before the names of an evaluation's numbers


class KeepRecord(keras.callbacks.Callback):
    """Writes down what Keras reports, and stops where no epoch gets better.

    Args:
        state: Its record and best weights are changed.
        config: Patience of early stopping.
    """

    def __init__(self, state: TrainingState, config: TrainingConfig) -> None:
        super().__init__()
        self._state = state
        self._config = config
        self._ticked = self._began = 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Starts the clock; a broken-off epoch goes on with its counts."""
        self._ticked = self._began = time.perf_counter()
        self._state.go_on_counting()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Counts one step."""
        self._state.record.step += 1
        self._tick()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Adds the epoch and keeps its weights if they are the best."""
        self._tick()
        numbers = {name: value for name, value in logs.items() if _EVAL not in name}
        numbers |= {
            name.replace(_EVAL, "eval_"): value
            for name, value in logs.items()
            if _EVAL in name
        }
        # Of the step just done: the rate of the next one is not used yet.
        numbers["learning_rate"] = float(self.model.optimizer.learning_rate)
        numbers["seconds"] = time.perf_counter() - self._began
        self._state.record.finish_epoch(numbers)
        self._state.keep_if_best()
        self.model.stop_training = self._state.record.is_stale(self._config)

    def _tick(self) -> None:
        now = time.perf_counter()
        self._state.record.seconds += now - self._ticked
        self._ticked = now
