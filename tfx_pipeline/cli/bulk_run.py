"""Lets Beam finish the chunks of a plan, and says how far it is."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from components.bulk_inference.asked_model import AskedModel
from components.bulk_inference.part_file import remove_parts_from
from components.bulk_inference.photo_work import PhotoWork
from components.bulk_inference.transforms import ChunkOutcome, FinishChunks
from components.bulk_inference.work_plan import ChunkPlace
from tfx_pipeline.cli.bulk_folder import BulkFolder
from tfx_pipeline.config.beam import BeamConfig
from tfx_pipeline.runners.beam_engine import check_engine
from tfx_pipeline.runners.beam_errors import as_plain_errors

_PROGRESS_S = 5.0


def finish_chunks(
    folder: BulkFolder,
    places: Sequence[ChunkPlace],
    asked: AskedModel,
    work: PhotoWork,
    *,
    engine: BeamConfig,
) -> int:
    """Makes every chunk's file; returns how many photos were finished before.

    Raises:
        OSError: Nothing can be written any more. What is finished stays.
    """
    remove_parts_from(folder.path, len(places))
    finish = FinishChunks(
        plan=str(folder.plan), parts=str(folder.path), asked=asked, work=work
    )
    with (
        _progress(folder, places),
        _one_line_errors(),
        as_plain_errors(engine),
        _pipeline(engine) as run,
    ):
        _ = (
            run
            | "Chunks" >> beam.Create(list(places))
            | "FinishChunks" >> finish
            | "Lines" >> beam.Map(_to_line)
            | "Write" >> beam.io.WriteToText(str(folder.outcome), num_shards=1)
        )
    return _read_outcome(folder, places)


def _pipeline(engine: BeamConfig) -> beam.Pipeline:
    check_engine(engine)
    return beam.Pipeline(options=PipelineOptions(engine.pipeline_args()))


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Turns what Beam makes of any error, a traceback as text, into the last line."""
    logger = logging.getLogger("apache_beam.runners")
    before = logger.level
    logger.setLevel(logging.CRITICAL)  # else it prints the traceback, too
    try:
        yield
    except RuntimeError as err:
        last = str(err).strip().splitlines()[-1] if str(err).strip() else "no reason"
        raise ChildProcessError(
            f"stopped: {last}; what is finished is kept, run the same command to go on"
        ) from err
    finally:
        logger.setLevel(before)


def _to_line(outcome: ChunkOutcome) -> str:
    return f"{outcome.index} {int(outcome.is_reused)} {outcome.stopped}"


def _read_outcome(folder: BulkFolder, places: Sequence[ChunkPlace]) -> int:
    reused, finished = 0, 0
    for file in folder.path.glob(f"{folder.outcome.name}-*"):
        for line in file.read_text("utf-8").splitlines():
            index, is_reused, stopped = line.split(" ", 2)
            if stopped:
                raise OSError(
                    f"stopped: {stopped}; what is finished is kept, run the same"
                    " command to go on"
                )
            finished += 1
            reused += places[int(index)].photos * int(is_reused)
        file.unlink()
    assert finished == len(places)
    return reused


@contextmanager
def _progress(folder: BulkFolder, places: Sequence[ChunkPlace]) -> Iterator[None]:
    """Says on stderr how many photos have an entry, while others work."""
    ended = threading.Event()
    before, start = folder.count_finished(), time.monotonic()
    photos = sum(place.photos for place in places)

    def say() -> None:
        while not ended.wait(_PROGRESS_S):
            done = photos * folder.count_finished() // max(1, len(places))
            new = done - photos * before // max(1, len(places))
            rate = max(0, new) / (time.monotonic() - start)
            print(f"{done} of {photos} photos, {rate:.1f} photos/s", file=sys.stderr)

    thread = threading.Thread(target=say, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
