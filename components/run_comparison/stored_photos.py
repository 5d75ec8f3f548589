"""Reads the test split's records from the files that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import tensorflow as tf


def read_records(files: Sequence[Path]) -> Iterator[bytes]:
    """Yields the serialized records of TFRecord files, plain or .gz, one by one."""
    for file in sorted(files):
        kind = "GZIP" if file.suffix == ".gz" else None
        dataset = tf.data.TFRecordDataset(str(file), compression_type=kind)
        yield from dataset.as_numpy_iterator()
