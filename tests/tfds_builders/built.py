"""What a builder has written, read back by the tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import tensorflow as tf

from tfds_builders.record_builder import RecordBuilder

Built = TypeVar("Built", bound=RecordBuilder)


def build(builder_class: type[Built], folder: Path, out: Path, **options: Any) -> Built:
    """Builds the dataset of a folder as `carseg data build` does."""
    builder = builder_class(data_dir=str(out), manual_dir=str(folder), **options)
    builder.download_and_prepare()
    return builder


def examples(builder: RecordBuilder) -> dict[str, dict[str, Any]]:
    """Returns the stored records of all splits by example id, as TFRecord has them."""
    return {
        example["example_id"][0].decode(): example
        for path in sorted(Path(builder.data_dir).glob("*.tfrecord*"))
        for example in _features(path)
    }


def _features(path: Path) -> Iterator[dict[str, Any]]:
    for data in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
        features = tf.train.Example.FromString(data).features.feature
        yield {
            name: list(value.bytes_list.value) or list(value.int64_list.value)
            for name, value in features.items()
        }


def stored_ids(example: dict[str, Any], task: str) -> np.ndarray:
    """Returns the class ids [height, width] of a stored record."""
    return tf.io.decode_png(example[f"mask/{task}"][0], channels=1).numpy()[..., 0]


def counts(builder: RecordBuilder) -> dict[str, int]:
    """Returns the number of records by split."""
    return {split: info.num_examples for split, info in builder.info.splits.items()}


def shards(builder: RecordBuilder) -> dict[str, bytes]:
    """Returns the content of every written file."""
    folder = Path(builder.data_dir)
    return {path.name: path.read_bytes() for path in folder.glob("*.tfrecord*")}


def skipped(builder: RecordBuilder) -> dict[str, Any]:
    """Returns what `skipped.json` says."""
    return json.loads((builder.skipped_path / "skipped.json").read_text("utf-8"))


def contents(builder: RecordBuilder) -> dict[str, Any]:
    """Returns what `contents.json` says."""
    return json.loads((builder.skipped_path / "contents.json").read_text("utf-8"))


def listing(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Returns time, size and content of all below a folder, to see it unchanged."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            path.stat().st_size,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in folder.rglob("*")
    }
