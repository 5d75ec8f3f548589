"""Backs a training up while it runs."""

from __future__ import annotations

from typing import Any

import keras

from tfx_pipeline.training.backup import Backup
from tfx_pipeline.training.training_state import TrainingState


class WriteBackup(keras.callbacks.Callback):
    """Writes a backup after each epoch, and inside of epochs where asked to.

    It stands last among the callbacks: what the others did is in the backup.

    Args:
        state: What is backed up.
        backup: Where to.
        every_steps: Steps between two backups inside an epoch; 0 for none.
        steps_per_epoch: After the last step the epoch's own backup follows.
    """

    def __init__(
        self,
        state: TrainingState,
        backup: Backup,
        *,
        every_steps: int,
        steps_per_epoch: int,
    ) -> None:
        super().__init__()
        self._state = state
        self._backup = backup
        self._every_steps = every_steps
        self._steps_per_epoch = steps_per_epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Writes where the step is due."""
        step = self._state.record.step
        is_due = self._every_steps and step % self._every_steps == 0
        if is_due and step < self._steps_per_epoch:
            self._state.save(self._backup)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Writes the finished epoch."""
        self._state.save(self._backup)
