"""TFRecord files that others may read as soon as they have their final name."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

import tensorflow as tf

_WRITING = ".tmp"
_FRAME_BYTES = 16  # a record's length and two checksums


class RecordFile:
    """One file; its name ends in `.tmp` until it is finished."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = path.with_name(path.name + _WRITING)
        self._writer = tf.io.TFRecordWriter(str(self._writing))
        self._since = time.monotonic()
        self.size = 0

    @property
    def age_s(self) -> float:
        """Seconds since it was opened."""
        return time.monotonic() - self._since

    def write(self, records: Iterable[bytes]) -> None:
        """Appends records and hands them to the system: a killed process keeps them.

        Raises:
            tf.errors.OpError: They are not in the file, which can only be finished.
        """
        size = self.size
        for record in records:
            self._writer.write(record)
            size += len(record) + _FRAME_BYTES
        self._writer.flush()
        self.size = size

    def finish(self) -> None:
        """Cuts off what was not written whole and gives the file its name.

        An empty file is removed.

        Raises:
            OSError: It keeps the name that it had while it was written.
        """
        with contextlib.suppress(tf.errors.OpError):  # what is cut off may have no room
            self._writer.close()
        os.truncate(self._writing, self.size)
        if self.size:
            self._writing.rename(self._path)
        else:
            self._writing.unlink()
