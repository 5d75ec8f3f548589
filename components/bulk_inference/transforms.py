"""Beam's part: chunks of photos to files of entries, each as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.utils.shared import Shared

from components.bulk_inference.asked_model import AskedModel
from components.bulk_inference.chunk_work import is_finished, work_on_chunk
from components.bulk_inference.loaded_model import LoadedModel
from components.bulk_inference.part_file import part_key, part_path, write_part
from components.bulk_inference.photo_work import PhotoWork
from components.bulk_inference.work_plan import ChunkPlace, read_chunk

_COUNTERS = "bulk_inference"


@dataclass(frozen=True, kw_only=True)
class ChunkOutcome:
    """What became of a chunk.

    Attributes:
        index: Of the chunk.
        is_reused: An earlier run had finished it.
        stopped: Why nothing could be written any more; empty where it could.
    """

    index: int
    is_reused: bool = False
    stopped: str = ""


@dataclass
class FinishChunks(beam.PTransform):
    """Places of chunks to their outcomes; the entries go into files.

    A chunk is the smallest thing that is done again, by Beam after a worker's end as
    by the next run: its file appears when it is whole. No photo and no mask is ever an
    element.

    Attributes:
        plan: File with the names of the photos.
        parts: Folder of the chunks' files.
        asked: The model.
        work: What is done with each photo.
    """

    plan: str
    parts: str
    asked: AskedModel
    work: PhotoWork

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, places: beam.PCollection) -> beam.PCollection:
        """Works on chunk by chunk."""
        return places | "Finish" >> beam.ParDo(_FinishChunk(self))


class _FinishChunk(beam.DoFn):
    def __init__(self, settings: FinishChunks) -> None:
        self._plan, self._parts = settings.plan, settings.parts
        self._asked, self._work = settings.asked, settings.work
        self._shared = Shared()  # one model for all threads of a worker
        self._stopped = False

    def process(self, place: ChunkPlace) -> Iterator[ChunkOutcome]:
        """Does what is not done yet; after a stop, nothing more."""
        if self._stopped:
            return
        try:
            yield self._finish(place)
        except OSError as err:
            self._stopped = True
            reason = " ".join(str(err).split())
            yield ChunkOutcome(index=place.index, stopped=reason)

    def _finish(self, place: ChunkPlace) -> ChunkOutcome:
        names = read_chunk(Path(self._plan), place)
        path = part_path(Path(self._parts), place.index)
        key = part_key(self._work.identity, names)
        is_reused = is_finished(path, key, self._work)
        if not is_reused:
            # Not in `setup`: a run that finds all finished needs no model.
            model = self._shared.acquire(lambda: LoadedModel(self._asked))
            entries = work_on_chunk(
                names, model.predict, self._work, batch_size=self._asked.batch_size
            )
            write_part(path, key, entries)
        counter = "photos_reused" if is_reused else "photos_asked"
        Metrics.counter(_COUNTERS, counter).inc(len(names))
        return ChunkOutcome(index=place.index, is_reused=is_reused)
