"""The order of an epoch's records: drawn from (seed, epoch), memory flat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tensorflow as tf

from tfx_pipeline.data.augment.seeds import order_seed

# Files that are read in turns, so that neighbours in a file do not meet in a batch.
FILES_AT_A_TIME = 8
_FILE_ORDER = -1


def read_shuffled(
    files: Sequence[str], *, seed: int, epoch: tf.Tensor | int, window: int
) -> tf.data.Dataset:
    """Returns the serialized records of all files in the epoch's own order.

    Files are shuffled and read in turns; what comes out is shuffled window by window.
    `Dataset.shuffle` is not used: its order also depends on TensorFlow's global seed.

    Args:
        files: TFRecord files, gzip where the name ends in .gz.
        seed: Seed of the run.
        epoch: Number of the epoch; a tensor inside a graph.
        window: Records in memory at a time.
    """
    files = check_files(files)
    order = _permutation(len(files), order_seed(seed, epoch, _FILE_ORDER))
    records = tf.data.Dataset.from_tensors(tf.gather(tf.constant(files), order))
    records = records.unbatch().interleave(
        lambda file: _read(file, files),
        cycle_length=FILES_AT_A_TIME,
        num_parallel_calls=1,
        deterministic=True,
    )

    def shuffle(part: tf.Tensor, rows: tf.Tensor) -> tf.Tensor:
        return tf.gather(
            rows, _permutation(tf.shape(rows)[0], order_seed(seed, epoch, part))
        )

    return records.batch(window).enumerate().map(shuffle).prefetch(1).unbatch()


def read_in_order(files: Sequence[str]) -> tf.data.Dataset:
    """Returns the serialized records, files by name, each from start to end."""
    files = check_files(files)
    return tf.data.Dataset.from_tensor_slices(files).flat_map(
        lambda file: _read(file, files)
    )


def count_records(files: Sequence[str]) -> int:
    """Returns the number of records; reads the files once, decodes nothing."""
    counted = read_in_order(files).reduce(tf.constant(0, tf.int64), lambda n, _: n + 1)
    return int(counted.numpy())


def check_files(files: Sequence[str]) -> list[str]:
    """Returns the files by name; refuses none and a mix of gzip and plain ones."""
    by_name = sorted(map(str, files), key=lambda file: (Path(file).name, file))
    kinds = {Path(file).suffix == ".gz" for file in by_name}
    if len(kinds) != 1:
        raise ValueError(
            "files must be TFRecord files, all gzip or all plain, got"
            f" {len(by_name)}: {', '.join(by_name[:4])}"
        )
    return by_name


def _read(file: tf.Tensor, files: Sequence[str]) -> tf.data.Dataset:
    is_gzip = files[0].endswith(".gz")
    return tf.data.TFRecordDataset(file, compression_type="GZIP" if is_gzip else None)


def _permutation(count: tf.Tensor | int, seed: tf.Tensor) -> tf.Tensor:
    pair = tf.stack([seed, tf.constant(0, tf.int64)])
    keys = tf.random.stateless_uniform(
        [count], pair, minval=None, maxval=None, dtype=tf.int64, alg="philox"
    )
    return tf.argsort(keys, stable=True)
