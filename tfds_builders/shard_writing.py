"""One shard: records of some sources into one file, and what came of them beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tensorflow_datasets.core import example_serializer, file_adapters

from tfds_builders.dataset_contents import RecordCounts
from tfds_builders.record import Record, record_features
from tfds_builders.skipped_sources import SkippedSource

_OUTCOME_SUFFIX = ".outcome.json"

RecordReader = Callable[[Any], Record]


@dataclass(frozen=True, kw_only=True)
class Shard:
    """What one worker writes in one go: some sources of one split, into one file."""

    split: str
    path: Path
    sources: tuple[Any, ...]
    tasks: tuple[str, ...]
    slices: tuple[str, ...]
    read: RecordReader


def write_shard(shard: Shard) -> None:
    """Writes the readable sources of a shard; the outcome goes into a file beside it.

    One record is in memory at a time, so memory does not grow with the data.
    """
    features = record_features(shard.tasks, shard.slices)
    serializer = example_serializer.ExampleSerializer(features.get_serialized_info())
    skipped: list[SkippedSource] = []
    counts = {"examples": 0, "bytes": 0}
    held = RecordCounts()

    def serialized() -> Iterator[tuple[int, bytes]]:
        for source in shard.sources:
            try:
                record = shard.read(source)
            except (ValueError, OSError) as err:
                skipped.append(_skip(source, shard.split, err))
                continue
            example = features.encode_example(record.to_example())
            # TFDS's own serialize_example leaves the order of features to chance.
            data = serializer.get_tf_example(example).SerializeToString(
                deterministic=True
            )
            counts["examples"] += 1
            counts["bytes"] += len(data)
            held.add(record)
            skipped.extend(record.left_out)
            yield counts["examples"], data

    adapter = file_adapters.ADAPTER_FOR_FORMAT[file_adapters.FileFormat.TFRECORD]
    adapter.write_examples(shard.path, serialized())
    outcome = {
        **counts,
        "skipped": [asdict(entry) for entry in skipped],
        "held": held.to_dict(),
    }
    _outcome_path(shard.path).write_text(
        json.dumps(outcome, ensure_ascii=False), "utf-8"
    )


def collect_outcomes(shards: Sequence[Shard]) -> list[dict[str, Any]]:
    """Returns what came of each shard, and removes the files that say it."""
    outcomes = []
    for shard in shards:
        path = _outcome_path(shard.path)
        outcomes.append(json.loads(path.read_text("utf-8")))
        path.unlink()
    return outcomes


def _outcome_path(path: Path) -> Path:
    return path.with_name(path.name + _OUTCOME_SUFFIX)


def _skip(source: Any, split: str, err: Exception) -> SkippedSource:
    reason = " ".join(str(err).split()) or type(err).__name__
    return SkippedSource(source=str(source), split=split, reason=reason)
