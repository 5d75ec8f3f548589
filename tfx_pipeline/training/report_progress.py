"""One line per epoch for the person who waits."""

from __future__ import annotations

import statistics
from typing import Any

import keras

from tfx_pipeline.training.say import say
from tfx_pipeline.training.training_record import TrainingRecord

# The first epoch also compiles the graph; a median over a few forgets it.
_RECENT_EPOCHS = 5


class ReportProgress(keras.callbacks.Callback):
    """Says after each epoch how it went and how long the rest takes.

    Args:
        record: Of the running training; the callback that keeps it stands before.
        epochs: Epochs at most.
    """

    def __init__(self, record: TrainingRecord, epochs: int) -> None:
        super().__init__()
        self._record = record
        self._epochs = epochs

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Writes the line to stderr."""
        say(progress_line(self._record, self._epochs))


def progress_line(record: TrainingRecord, epochs: int) -> str:
    """Returns the line of the last finished epoch."""
    assert record.best is not None, "an epoch has just been finished"
    last, best = record.epochs[-1], record.epochs[record.best]
    return (
        f"epoch {len(record.epochs)}/{epochs}"
        f"  loss {last['loss']:.3f}  eval loss {last['eval_loss']:.3f}"
        f"  eval mIoU {last['eval_miou']:.3f}"
        f" (best {best['eval_miou']:.3f}, epoch {record.best + 1})"
        f"  {duration(last['seconds'])}, {_time_left(record, epochs)}"
    )


def duration(seconds: float) -> str:
    """Returns a time as a person says it.

    Example:
        >>> duration(1.94), duration(32), duration(340), duration(9000)
        ('1.9 s', '32 s', '6 min', '2.5 h')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def _time_left(record: TrainingRecord, epochs: int) -> str:
    missing = epochs - len(record.epochs)
    if not missing:
        return "done"
    recent = [epoch["seconds"] for epoch in record.epochs[-_RECENT_EPOCHS:]]
    return f"about {duration(missing * statistics.median(recent))} left"
