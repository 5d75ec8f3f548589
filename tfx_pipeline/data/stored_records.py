"""Reads single records of a prepared dataset, for people to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tensorflow as tf


@dataclass(frozen=True, kw_only=True)
class StoredRecord:
    """What a sheet shows of one record.

    Attributes:
        example_id: Unique in its dataset.
        view: From where the car is seen.
        image: The photo's file.
        mask: PNG of class ids of one task.
        orientation: EXIF orientation of the photo, 1..8.
    """

    example_id: bytes
    view: bytes
    image: bytes
    mask: bytes
    orientation: int

    @property
    def caption(self) -> str:
        """Id and view in words."""
        return b" ".join((self.example_id, self.view)).decode("utf-8")


def read_records(
    shards: Sequence[Path], task: str, count: int
) -> Iterator[StoredRecord]:
    """Yields the first records of a split; refuses one without any.

    Args:
        shards: TFRecord files of the split.
        task: Whose masks are wanted.
        count: How many records at most.
    """
    files = [str(path) for path in shards]
    is_empty = True
    for serialized in tf.data.TFRecordDataset(files).take(count).as_numpy_iterator():
        is_empty = False
        feature = tf.train.Example.FromString(serialized).features.feature
        yield StoredRecord(
            example_id=feature["example_id"].bytes_list.value[0],
            view=feature["view"].bytes_list.value[0],
            image=feature["image"].bytes_list.value[0],
            mask=feature[f"mask/{task}"].bytes_list.value[0],
            orientation=feature["orientation"].int64_list.value[0],
        )
    if is_empty:
        raise ValueError("there is no record to draw in this split; choose another")
