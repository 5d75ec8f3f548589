"""What the Trainer reads: batches that are a function of (seed, epoch, step)."""

from __future__ import annotations

import os
from collections.abc import Sequence

import tensorflow as tf

from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.data.augment.augment import augment
from tfx_pipeline.data.augment.seeds import epoch_seed
from tfx_pipeline.data.decode import decode_mask
from tfx_pipeline.data.epoch_order import read_in_order, read_shuffled

# At 256 x 256 some 50 MB of PNG.
SHUFFLE_WINDOW = 512
DECODED_AT_A_TIME = len(os.sched_getaffinity(0))
BATCHES_AHEAD = 2
_FEATURES = {
    "image": tf.io.FixedLenFeature([], tf.string),
    "mask": tf.io.FixedLenFeature([], tf.string),
    "example_id": tf.io.FixedLenFeature([], tf.string),
    "copy": tf.io.FixedLenFeature([], tf.int64),
}


def training_dataset(
    files: Sequence[str],
    config: PrepareConfig,
    *,
    batch_size: int,
    seed: int,
    epoch: tf.Tensor | int,
    flip_ids: Sequence[int],
    start_step: int = 0,
    drop_remainder: bool = True,
    window: int = SHUFFLE_WINDOW,
    parallel_calls: int = DECODED_AT_A_TIME,
) -> tf.data.Dataset:
    """Returns one epoch of batches, the same for the same arguments.

    Args:
        files: Transform's files of the train split.
        config: Where it says so, each picture is augmented anew in each epoch.
        batch_size: Pictures per batch.
        seed: Seed of the run.
        epoch: Number of the epoch, from 0.
        flip_ids: For every class id the id that it becomes in a mirror.
        start_step: Batches to skip; they are read but not decoded.
        drop_remainder: Leave out the last batch where it is smaller.
        window: Records that are shuffled together, in memory as PNG.
        parallel_calls: Pictures decoded at a time; changes no value.

    Returns:
        Pairs of uint8 [batch, height_px, width_px, 3] and [batch, height_px, width_px].
    """
    _check_counts(batch_size=batch_size, window=window)
    if start_step < 0:
        raise ValueError(f"start_step must be 0 or more, got {start_step}")
    records = read_shuffled(files, seed=seed, epoch=epoch, window=window)

    def draw(serialized: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        example = tf.io.parse_single_example(serialized, _FEATURES)
        pair = _decode(example, config)
        if not config.augment.in_trainer:
            return pair
        drawn = epoch_seed(seed, epoch, example["example_id"], example["copy"])
        return augment(*pair, drawn, config.augment, flip_ids)

    return (
        records.skip(start_step * batch_size)
        .map(draw, num_parallel_calls=parallel_calls, deterministic=True)
        .batch(batch_size, drop_remainder=drop_remainder)
        .prefetch(BATCHES_AHEAD)
    )


def training_stream(
    files: Sequence[str],
    config: PrepareConfig,
    *,
    batch_size: int,
    seed: int,
    epochs: int,
    flip_ids: Sequence[int],
    start_epoch: int = 0,
    start_step: int = 0,
    steps_per_epoch: int | None = None,
    window: int = SHUFFLE_WINDOW,
) -> tf.data.Dataset:
    """Returns all batches from a place on, epoch after epoch, for one call of `fit`.

    Incomplete batches are left out, so each epoch has
    `count_records(files) // batch_size` steps.

    Args:
        files: Transform's files of the train split.
        config: As for `training_dataset`.
        batch_size: Pictures per batch.
        seed: Seed of the run.
        epochs: The stream ends before the epoch of this number.
        flip_ids: For every class id the id that it becomes in a mirror.
        start_epoch: Epoch to resume in.
        start_step: Batches of that epoch to skip.
        steps_per_epoch: Ends every epoch after so many batches; None takes all.
        window: As for `training_dataset`.
    """

    def epoch_of(number: tf.Tensor | int, skipped: int) -> tf.data.Dataset:
        left = -1 if steps_per_epoch is None else steps_per_epoch - skipped
        return training_dataset(
            files,
            config,
            batch_size=batch_size,
            seed=seed,
            epoch=number,
            flip_ids=flip_ids,
            start_step=skipped,
            window=window,
        ).take(left)

    first = epoch_of(start_epoch, start_step)
    later = tf.data.Dataset.range(start_epoch + 1, epochs)
    stream = first.concatenate(later.flat_map(lambda number: epoch_of(number, 0)))
    return stream.with_options(_untuned())


def eval_dataset(
    files: Sequence[str],
    config: PrepareConfig,
    *,
    batch_size: int,
    parallel_calls: int = DECODED_AT_A_TIME,
) -> tf.data.Dataset:
    """Returns all plain pictures once, in the order of the files, never augmented.

    Args:
        files: Transform's files of a split; augmented copies in them are left out.
        config: Its size is used.
        batch_size: Pictures per batch; the last may have fewer.
        parallel_calls: Pictures decoded at a time; changes no value.

    Returns:
        Pairs as of `training_dataset`.
    """
    _check_counts(batch_size=batch_size)
    return (
        read_in_order(files)
        .map(lambda serialized: tf.io.parse_single_example(serialized, _FEATURES))
        .filter(lambda example: example["copy"] == 0)
        .map(
            lambda example: _decode(example, config),
            num_parallel_calls=parallel_calls,
            deterministic=True,
        )
        .batch(batch_size)
        .prefetch(BATCHES_AHEAD)
        .with_options(_untuned())
    )


def count_plain_records(files: Sequence[str]) -> int:
    """Returns how many pictures `eval_dataset` gives; decodes none."""
    copies = read_in_order(files).map(
        lambda serialized: tf.io.parse_single_example(
            serialized, {"copy": _FEATURES["copy"]}
        )["copy"]
    )
    plain = copies.map(lambda copy: tf.cast(copy == 0, tf.int64))
    return int(plain.reduce(tf.constant(0, tf.int64), lambda n, one: n + one).numpy())


def _decode(
    example: dict[str, tf.Tensor], config: PrepareConfig
) -> tuple[tf.Tensor, tf.Tensor]:
    image = tf.io.decode_png(example["image"], channels=3)
    mask_ids = decode_mask(example["mask"])
    size = [config.height_px, config.width_px]
    return tf.ensure_shape(image, [*size, 3]), tf.ensure_shape(mask_ids, size)


def _untuned() -> tf.data.Options:
    """Without tf.data's tuning thread: an iterator's end may wait for its next round.

    The rounds get rarer with the iterator's age, up to one a minute, and so did the
    pauses between epochs and after the last.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return options


def _check_counts(**counts: int) -> None:
    for name, value in counts.items():
        if value < 1:
            raise ValueError(f"{name} must be 1 or more, got {value}")
