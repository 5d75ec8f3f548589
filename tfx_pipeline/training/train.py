"""Trains a learner on its splits, from the start or from a backup."""

from __future__ import annotations

import posixpath

from tfx_pipeline.training.backup import Backup
from tfx_pipeline.training.fit import fit
from tfx_pipeline.training.history import (
    HISTORY_FILE,
    describe_history,
    write_history,
)
from tfx_pipeline.training.learner import Learner
from tfx_pipeline.training.samples import log_samples
from tfx_pipeline.training.say import say
from tfx_pipeline.training.splits import Splits
from tfx_pipeline.training.tensorboard_log import TensorBoardLog
from tfx_pipeline.training.training_record import TrainingRecord
from tfx_pipeline.training.training_state import TrainingState, Weights


def train(
    learner: Learner, splits: Splits, *, backup: Backup, log_folder: str
) -> Weights:
    """Returns the weights of the epoch with the best eval mIoU.

    Args:
        learner: What is trained; it is left with those weights.
        splits: The pictures, and the settings.
        backup: Read at the start; written after each epoch, and inside of epochs
            where the settings say so.
        log_folder: Gets TensorBoard logs, sample pictures and `history.json`.
    """
    state = TrainingState(learner=learner)
    if state.load(backup):
        say(_resume_line(state.record, splits))
        state.record.resumed_at.append(
            [len(state.record.epochs) + 1, state.record.step]
        )
    with TensorBoardLog(log_folder) as log:
        for number, numbers in enumerate(state.record.epochs, 1):
            log.add_epoch(number, numbers)
        fit(state, splits, backup, log)
        log_samples(state, splits, log, log_folder)
    history = describe_history(state.record, learner.model.count_params())
    write_history(history, posixpath.join(log_folder, HISTORY_FILE))
    return state.best_weights


def _resume_line(record: TrainingRecord, splits: Splits) -> str:
    training, done = splits.settings.training, len(record.epochs)
    if record.is_over(training):
        return f"found a finished training of {done} epochs, only the export is left"
    return (
        f"going on in epoch {done + 1}/{training.epochs}, step {record.step + 1} of"
        f" {splits.steps_per_epoch}, where an earlier run was broken off"
    )
