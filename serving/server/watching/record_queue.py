"""Records on their way from the requests to the thread that writes them."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class LogRecord:
    """A serialized PredictionLog, and whose it is."""

    model_name: str
    data: bytes


class RecordQueue:
    """Holds a bounded number of bytes; putting never waits."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._changed = threading.Condition()
        self._records: list[LogRecord] = []
        self._bytes = 0
        self._closed = False

    @property
    def full(self) -> bool:
        """Whether not even an empty record has room; asked without the lock."""
        return self._bytes >= self._max_bytes

    def put(self, record: LogRecord) -> bool:
        """Returns whether there was room; one record alone always has room."""
        with self._changed:
            full = self._bytes + len(record.data) > self._max_bytes
            if self._closed or (full and self._records):
                return False
            self._records.append(record)
            self._bytes += len(record.data)
            self._changed.notify()
        return True

    def take(self, timeout_s: float) -> list[LogRecord] | None:
        """Returns all records, none after `timeout_s`, None at the end of all."""
        with self._changed:
            if not self._records and not self._closed:
                self._changed.wait(timeout_s)
            if self._closed and not self._records:
                return None
            taken, self._records, self._bytes = self._records, [], 0
            return taken

    def close(self) -> None:
        """Takes no more; what is there can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify()
