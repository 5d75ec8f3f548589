"""Takes prepared shards over into an Examples artifact, checking every record."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
import tensorflow as tf

REQUIRED_FEATURES = (
    "domain",
    "example_id",
    "group_id",
    "height",
    "image",
    "instances",
    "orientation",
    "source",
    "split",
    "view",
    "width",
)
MASK_PREFIX = "mask/"


@dataclass(frozen=True, kw_only=True)
class ShardCopy:
    """One file to copy, and the split that its records must say they belong to."""

    source: str
    target: str
    split: str


def check_record(serialized: bytes, split: str, file: str) -> None:
    """Refuses a record that breaks the contract, naming file, id and feature."""
    features = tf.train.Example.FromString(serialized).features.feature
    ids = features["example_id"].bytes_list.value if "example_id" in features else ()
    name = ids[0].decode("utf-8") if ids else "without example_id"
    missing = [key for key in REQUIRED_FEATURES if key not in features]
    if missing:
        raise ValueError(
            f"record {name!r} in {file} must have {', '.join(missing)}; the builder"
            " must yield the whole record"
        )
    if not any(key.startswith(MASK_PREFIX) for key in features):
        raise ValueError(
            f"record {name!r} in {file} must have a feature {MASK_PREFIX}<task>"
        )
    said = features["split"].bytes_list.value[0].decode("utf-8")
    if said != split:
        raise ValueError(
            f"record {name!r} in {file} must say split {split!r}, got {said!r}"
        )


def copy_shard(job: ShardCopy) -> tuple[str, int]:
    """Checks every record of a file and takes the file over.

    Both files are never changed again, so on one file system they share their bytes.

    Returns:
        The split and the number of records.
    """
    records = 0
    file = Path(job.source).name
    for serialized in tf.data.TFRecordDataset([job.source]).as_numpy_iterator():
        check_record(serialized, job.split, file)
        records += 1
    try:
        os.link(job.source, job.target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(job.source, job.target)
    return job.split, records


def shard_copies(
    shards: Mapping[str, Sequence[Path]], split_uris: Mapping[str, str]
) -> Iterator[ShardCopy]:
    """Pairs every prepared file with its name in the artifact."""
    for split, paths in shards.items():
        for index, path in enumerate(paths):
            name = f"data_tfrecord-{index:05d}-of-{len(paths):05d}"
            yield ShardCopy(
                source=str(path),
                target=str(Path(split_uris[split], name)),
                split=split,
            )


@dataclass(kw_only=True, eq=False)  # Beam sets attributes of its own
class CopyShards(beam.PTransform):
    """Copies files, each by one worker: no record ever crosses a shuffle."""

    copies: tuple[ShardCopy, ...]

    def expand(self, pipeline: beam.Pipeline) -> beam.PCollection:
        """Returns (split, number of records) per file."""
        return (
            pipeline
            | "Shards" >> beam.Create(self.copies)
            | "CopyShard" >> beam.Map(copy_shard)
        )
