"""Curves and sample pictures of a training for TensorBoard."""

from __future__ import annotations

import posixpath
from types import TracebackType
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from tfx_pipeline.training.training_record import Epoch, TrainingRecord

_EVAL = "eval_"


class TensorBoardLog:
    """Writes below a folder; a context, so that all is on disk at its end.

    Numbers of the train and eval split go into a log each under the same names, which
    TensorBoard draws into one picture.

    Args:
        folder: Gets the folders `train` and `eval`.
    """

    def __init__(self, folder: str) -> None:
        self._writers = {
            split: tf.summary.create_file_writer(posixpath.join(folder, split))
            for split in ("train", "eval")
        }

    def __enter__(self) -> TensorBoardLog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for writer in self._writers.values():
            writer.close()

    def add_epoch(self, number: int, numbers: Epoch) -> None:
        """Writes the numbers of an epoch, counted from 1."""
        for split, writer in self._writers.items():
            with writer.as_default(number):
                for name, value in numbers.items():
                    if name.startswith(_EVAL) == (split == "eval"):
                        tf.summary.scalar(name.removeprefix(_EVAL), value)
            writer.flush()

    def add_picture(
        self, name: str, number: int, pixels: npt.NDArray[np.uint8]
    ) -> None:
        """Writes a picture [h, w, 3] beside the numbers of an epoch."""
        with self._writers["eval"].as_default(number):
            tf.summary.image(name, pixels[np.newaxis])


class LogEpochs(keras.callbacks.Callback):
    """Sends every finished epoch to the log.

    Args:
        log: Where to.
        record: Of the running training; the callback that keeps it stands before.
    """

    def __init__(self, log: TensorBoardLog, record: TrainingRecord) -> None:
        super().__init__()
        self._log = log
        self._record = record

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Writes the last epoch of the record."""
        self._log.add_epoch(len(self._record.epochs), self._record.epochs[-1])
