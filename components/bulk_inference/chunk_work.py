"""One chunk of photos from their files to their entries, the model never idle."""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from components.bulk_inference.part_file import PhotoEntry, is_whole, read_part
from components.bulk_inference.photo_answer import NoAnswer, PhotoAnswer
from components.bulk_inference.photo_work import PhotoWork

# Masks are decoded and written while the model has the next batch. One thread keeps up
# with a network that takes 25 ms a photo; the second is for smaller ones.
KEEPING_THREADS = 2


class Predict(Protocol):
    """Asks the model; see `loaded_model`."""

    def __call__(self, photos: Sequence[bytes]) -> list[PhotoAnswer | NoAnswer]:
        """Returns an answer per photo."""


def work_on_chunk(
    names: Sequence[str], predict: Predict, work: PhotoWork, *, batch_size: int
) -> Iterator[PhotoEntry]:
    """Yields an entry per photo, in the order of the names.

    At most two batches are in memory: the one that the model has, and the one before,
    whose masks are being written.

    Raises:
        OSError: Nothing can be written any more.
    """
    pending: deque[Future[PhotoEntry]] = deque()
    with ThreadPoolExecutor(KEEPING_THREADS) as executor:
        for start in range(0, len(names), batch_size):
            attempts = [_Attempt(name, work) for name in names[start:][:batch_size]]
            readable = [attempt for attempt in attempts if attempt.data is not None]
            answers = predict([attempt.data or b"" for attempt in readable])
            for attempt, answer in zip(readable, answers, strict=True):
                attempt.answer, attempt.data = answer, None
            while pending:
                yield pending.popleft().result()
            pending.extend(executor.submit(attempt.finish) for attempt in attempts)
        while pending:
            yield pending.popleft().result()


def is_finished(path: Path, key: str, work: PhotoWork) -> bool:
    """Says whether a chunk's file, the photos and what was written still agree."""
    return is_whole(path, key) and all(
        bool(entry.source)
        and entry.source == work.source(entry.photo)
        and (bool(entry.failure) or work.is_kept(entry.photo, entry.fields))
        for entry in read_part(path)
    )


class _Attempt:
    """One photo on its way; reads at once."""

    def __init__(self, name: str, work: PhotoWork) -> None:
        self._name, self._work = name, work
        # Ahead of reading: who changes the file meanwhile changes this as well.
        self._source = work.source(name)
        self.data: bytes | None = None
        self.answer: PhotoAnswer | NoAnswer
        try:
            self.data = work.read(name)
        except ValueError as err:
            self.answer = NoAnswer(reason=_one_line(err), is_final=True)
        except OSError as err:
            self.answer = NoAnswer(reason=_one_line(err), is_final=_is_absent(err))

    def finish(self) -> PhotoEntry:
        """Returns the entry; writes what is to be written."""
        if isinstance(self.answer, NoAnswer):
            return self._failed(self.answer.reason, is_final=self.answer.is_final)
        try:
            kept = self._work.keep(self._name, self.answer)
        except ValueError as err:
            return self._failed(_one_line(err), is_final=True)
        except FileExistsError as err:
            return self._failed(_one_line(err), is_final=False)
        except OSError as err:
            if err.errno != errno.ENAMETOOLONG:
                raise
            return self._failed(_one_line(err), is_final=True)
        return PhotoEntry(
            photo=self._name,
            source=self._source,
            fields=kept.fields,
            lines=kept.lines,
        )

    def _failed(self, reason: str, *, is_final: bool) -> PhotoEntry:
        source = self._source if is_final else ""
        return PhotoEntry(photo=self._name, source=source, fields={}, failure=reason)


def _is_absent(err: OSError) -> bool:
    # Whether it has come since is seen by its source.
    return isinstance(err, FileNotFoundError)


def _one_line(err: Exception) -> str:
    return " ".join(str(err).split()) or type(err).__name__
