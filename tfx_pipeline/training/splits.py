"""The pictures of a training: Transform's splits, counted and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from tfx_pipeline.config.trainer_settings import TrainerSettings
from tfx_pipeline.data.epoch_order import count_records
from tfx_pipeline.data.training_input import (
    count_plain_records,
    eval_dataset,
    training_stream,
)


@dataclass(frozen=True, kw_only=True)
class Splits:
    """What a training reads.

    Attributes:
        settings: Size, augmentation, batch size, seed.
        train_files: TFRecord files of the train split.
        eval_files: TFRecord files of the eval split.
        steps_per_epoch: Batches of an epoch.
        eval_steps: Batches of an evaluation.
    """

    settings: TrainerSettings
    train_files: tuple[str, ...]
    eval_files: tuple[str, ...]
    steps_per_epoch: int
    eval_steps: int

    @property
    def total_steps(self) -> int:
        """Steps of the whole training."""
        return self.settings.training.epochs * self.steps_per_epoch

    def stream(self, epoch: int, step: int) -> tf.data.Dataset:
        """Returns all batches from a place on, to the end of the last epoch."""
        training = self.settings.training
        return training_stream(
            self.train_files,
            self.settings.prepare,
            batch_size=training.batch_size,
            seed=training.seed,
            epochs=training.epochs,
            flip_ids=self.settings.flip_ids,
            start_epoch=epoch,
            start_step=step,
            steps_per_epoch=self.steps_per_epoch,
        )

    def evaluation(self) -> tf.data.Dataset:
        """Returns the eval split once, `eval_steps` batches.

        It says how many: with an unknown number Keras warns at the end of the data, and
        with `validation_steps` its second evaluation on several devices fails.
        """
        batches = self._plain().take(self.eval_steps)
        return batches.apply(tf.data.experimental.assert_cardinality(self.eval_steps))

    def samples(self, count: int) -> tuple[npt.NDArray[np.uint8], ...]:
        """Returns the eval split's first pictures [n, h, w, 3] and masks [n, h, w]."""
        pairs = self._plain().unbatch().batch(count)
        images, mask_ids = next(iter(pairs.as_numpy_iterator()))
        return images, mask_ids

    def _plain(self) -> tf.data.Dataset:
        batch_size = self.settings.training.batch_size
        return eval_dataset(
            self.eval_files, self.settings.prepare, batch_size=batch_size
        )


def read_splits(
    train_patterns: Sequence[str],
    eval_patterns: Sequence[str],
    settings: TrainerSettings,
) -> Splits:
    """Finds and counts the pictures; decodes none.

    Args:
        train_patterns: Glob patterns of the train split's files.
        eval_patterns: Those of the eval split.
        settings: Batch size and bounds of an epoch.

    Raises:
        ValueError: A split has no picture, or fewer than a batch.
    """
    train_files, eval_files = _matching(train_patterns), _matching(eval_patterns)
    train_count = count_records(train_files) if train_files else 0
    eval_count = count_plain_records(eval_files) if eval_files else 0
    _check_count("train", train_count, train_patterns)
    _check_count("eval", eval_count, eval_patterns)
    training = settings.training
    if train_count < training.batch_size:
        raise ValueError(
            f"training.batch_size must be at most {train_count}, the pictures of the"
            f" train split (copies of Transform included), got {training.batch_size};"
            " lower it"
        )
    eval_batches = -(-eval_count // training.batch_size)
    return Splits(
        settings=settings,
        train_files=train_files,
        eval_files=eval_files,
        steps_per_epoch=min(
            train_count // training.batch_size,
            training.max_steps_per_epoch or train_count,
        ),
        eval_steps=min(eval_batches, training.max_eval_steps or eval_batches),
    )


def _matching(patterns: Sequence[str]) -> tuple[str, ...]:
    found = [name for pattern in patterns for name in tf.io.gfile.glob(pattern)]
    return tuple(sorted(found))


def _check_count(split: str, count: int, patterns: Sequence[str]) -> None:
    if not count:
        raise ValueError(
            f"the {split} split holds no picture ({', '.join(patterns)}); give the"
            " builder sources for it, or change how it splits them"
        )
