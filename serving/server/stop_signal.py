"""SIGTERM and SIGINT as something to wait for."""

from __future__ import annotations

import os
import select
import signal
from types import FrameType

_STOPPED_TWICE = 1  # exit code where draining itself is cut short


class StopSignal:
    """Set by the first signal; the second ends the process at once.

    A pipe, because a handler must not take the locks that a threading.Event takes: it
    may interrupt the very code that holds them.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        self.requested = False

    def install(self) -> None:
        """Takes both signals over."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Returns whether a signal came, after it came or the time is over."""
        if not self.requested:
            select.select([self._read], [], [], timeout_s)
        return self.requested

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self.requested:
            os._exit(_STOPPED_TWICE)
        self.requested = True
        os.write(self._write, b"x")
