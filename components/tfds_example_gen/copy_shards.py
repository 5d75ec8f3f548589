"""Copies prepared shards into an Examples artifact, checking every record."""

from __future__ import annotations

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
    """Copies one file record by record; returns the split and the number copied."""
    records = 0
    file = Path(job.source).name
    with tf.io.TFRecordWriter(job.target) as writer:
        for serialized in tf.data.TFRecordDataset([job.source]).as_numpy_iterator():
            check_record(serialized, job.split, file)
            writer.write(serialized)
            records += 1
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
