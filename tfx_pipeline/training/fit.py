"""The loop: Keras' own `fit`, entered anew where a broken-off epoch has to end."""

from __future__ import annotations

from tfx_pipeline.training.backup import Backup
from tfx_pipeline.training.keep_record import KeepRecord
from tfx_pipeline.training.report_progress import ReportProgress
from tfx_pipeline.training.splits import Splits
from tfx_pipeline.training.tensorboard_log import LogEpochs, TensorBoardLog
from tfx_pipeline.training.training_state import TrainingState
from tfx_pipeline.training.watch_loss import WatchLoss
from tfx_pipeline.training.write_backup import WriteBackup


def fit(
    state: TrainingState, splits: Splits, backup: Backup, log: TensorBoardLog
) -> None:
    """Trains from the record's place to the end, or until no epoch gets better.

    Args:
        state: Changed with every step.
        splits: The pictures, and the settings.
        backup: Where the state is written.
        log: Gets the numbers of each epoch.
    """
    training, record = splits.settings.training, state.record
    callbacks = [
        WatchLoss(training),
        KeepRecord(state, training),
        ReportProgress(record, training.epochs),
        LogEpochs(log, record),
        WriteBackup(
            state,
            backup,
            every_steps=training.save_every_steps,
            steps_per_epoch=splits.steps_per_epoch,
        ),
    ]
    while not record.is_over(training):
        epoch, step = len(record.epochs), record.step
        state.learner.model.fit(
            splits.stream(epoch, step),
            initial_epoch=epoch,
            # The rest of a broken-off epoch has fewer steps than those that follow.
            epochs=epoch + 1 if step else training.epochs,
            steps_per_epoch=splits.steps_per_epoch - step,
            validation_data=splits.evaluation(),
            callbacks=callbacks,
            verbose=0,
        )
