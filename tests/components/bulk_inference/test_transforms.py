"""Beam hands out places of chunks; a chunk that is finished needs no model."""

from __future__ import annotations

from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from components.bulk_inference.asked_model import AskedModel
from components.bulk_inference.chunk_work import work_on_chunk
from components.bulk_inference.part_file import (
    part_key,
    part_path,
    read_part,
    write_part,
)
from components.bulk_inference.transforms import ChunkOutcome, FinishChunks
from components.bulk_inference.work_plan import ChunkPlace, read_chunk, write_plan
from tests.components.bulk_inference.test_chunk_work import CountingWork, predict

pytestmark = pytest.mark.integration


class SureWork(CountingWork):
    """Without a lock, so that Beam can hand it to a worker."""

    def __init__(self) -> None:
        super().__init__()
        del self.lock

    def is_kept(self, name: str, fields: object) -> bool:
        return True


def planned(folder: Path) -> list[ChunkPlace]:
    names = [f"{index}" for index in range(7)]
    return write_plan(folder / "plan", names, chunk_size=3)


def finish_all(folder: Path, places: list[ChunkPlace]) -> None:
    work = CountingWork()
    for place in places:
        names = read_chunk(folder / "plan", place)
        key = part_key(work.identity, names)
        entries = work_on_chunk(names, predict, work, batch_size=2)
        write_part(part_path(folder, place.index), key, entries)


def finish(folder: Path) -> FinishChunks:
    return FinishChunks(
        plan=str(folder / "plan"),
        parts=str(folder),
        asked=AskedModel(folder=str(folder / "no model")),
        work=SureWork(),
    )


def test_finished_chunks_are_taken_without_a_model(tmp_path: Path) -> None:
    places = planned(tmp_path)
    finish_all(tmp_path, places)

    with TestPipeline() as run:
        outcomes = run | beam.Create(places) | finish(tmp_path)
        expected = [ChunkOutcome(index=index, is_reused=True) for index in range(3)]
        assert_that(outcomes, equal_to(expected))
    reused = run.result.metrics().query()["counters"]
    assert {
        counter.key.metric.name: counter.committed
        for counter in reused
        if counter.key.metric.namespace == "bulk_inference"
    } == {"photos_reused": 7}


def test_a_model_that_cannot_be_loaded_stops_once_and_leaves_the_rest(
    tmp_path: Path,
) -> None:
    places = planned(tmp_path)
    finish_all(tmp_path, places[:1])
    file = tmp_path / "outcomes"

    with TestPipeline() as run:
        _ = (
            run
            | beam.Create(places, reshuffle=False)
            | finish(tmp_path)
            | beam.Map(lambda outcome: f"{outcome.index} {outcome.stopped}")
            | beam.io.WriteToText(str(file), num_shards=1)
        )

    (written,) = tmp_path.glob("outcomes-*")
    lines = written.read_text().splitlines()
    assert lines[0].split() == ["0"]
    assert lines[1].startswith("1 SavedModel file does not exist")
    assert len(lines) == 2
    assert [entry.photo for entry in read_part(part_path(tmp_path, 0))] == [*"012"]
    assert not part_path(tmp_path, 1).exists()
