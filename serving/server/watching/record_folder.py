"""A folder of TFRecord files: one is written until it is large or old enough."""

from __future__ import annotations

import itertools
import logging
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import tensorflow as tf

from serving.server.watching.record_file import RecordFile

MAX_FILE_BYTES = 128 * 2**20
MAX_FILE_S = 600.0
_SAY_EVERY_S = 60.0
_TRY_EVERY_S = 1.0

_LOG = logging.getLogger(__name__)


class RecordFolder:
    """Writes into a folder of its own files; not for several threads."""

    def __init__(
        self,
        folder: Path,
        *,
        max_file_bytes: int = MAX_FILE_BYTES,
        max_file_s: float = MAX_FILE_S,
        open_file: Callable[[Path], RecordFile] = RecordFile,
    ) -> None:
        self._folder = folder
        self._max_file_bytes = max_file_bytes
        self._max_file_s = max_file_s
        self._open_file = open_file
        self._numbers = itertools.count(1)
        self._file: RecordFile | None = None
        self._try_at = 0.0
        self._say_at = 0.0

    def write(self, records: Sequence[bytes]) -> bool:
        """Returns whether the records are in a file.

        After a failure the next second's records are given up without a try.
        """
        now = time.monotonic()
        if now < self._try_at:
            return False
        try:
            self._file = self._file or self._open_file(self._next_path())
            self._file.write(records)
        except (OSError, tf.errors.OpError) as err:
            self._try_at = now + _TRY_EVERY_S
            self._say(f"cannot be written ({err}); requests go on without it")
            self.finish()
            return False
        self.finish_if_due()
        return True

    def finish_if_due(self) -> None:
        """Finishes the file where it is large or old enough."""
        file = self._file
        if file and (
            file.size >= self._max_file_bytes or file.age_s >= self._max_file_s
        ):
            self.finish()

    def finish(self) -> None:
        """Finishes the file; the next record opens another."""
        file, self._file = self._file, None
        try:
            if file:
                file.finish()
        except OSError as err:
            self._say(f"keeps an unfinished file ({err})")

    def _next_path(self) -> Path:
        when = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        number = next(self._numbers)
        return self._folder / f"requests-{when}-{os.getpid()}-{number:04}.tfrecord"

    def _say(self, words: str) -> None:
        now = time.monotonic()
        if now >= self._say_at:
            self._say_at = now + _SAY_EVERY_S
            _LOG.warning("the request log %s %s", self._folder, " ".join(words.split()))
