"""Ctrl-C ends a command, also where a library hangs on it.

Python raises KeyboardInterrupt wherever the main thread is. Inside TensorFlow that may
leave a lock taken for which the way out then waits: seen while Transform's graph was
traced. What a command leaves behind is made for a kill, so it may be ended at any time.
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# A command that stops its servers and workers was seen to take 5 s.
_PATIENCE_S = 15.0
# Signals to a whole process group may arrive twice.
_SAME_SIGNAL_S = 0.5


@contextmanager
def sure_interrupt(
    end: Callable[[], None], *, patience_s: float = _PATIENCE_S
) -> Iterator[None]:
    """Calls `end` where a first Ctrl-C has no effect in time, or at a second one.

    Does nothing outside of the main thread, which alone gets signals, and where SIGINT
    has a handler of its own when it comes.

    Args:
        end: Ends the process; called in another thread, while the main one may hang.
        patience_s: Time that the block has to end after the first Ctrl-C.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    # Written to by Python's handler in C, whatever the main thread does.
    before = signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    threading.Thread(
        target=_watch, args=(read_end, end, patience_s), daemon=True, name="interrupts"
    ).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(write_end)  # ends the thread


def _watch(read_end: int, end: Callable[[], None], patience_s: float) -> None:
    first_s: float | None = None
    with open(read_end, "rb", buffering=0) as signals:
        while True:
            left_s = None
            if first_s is not None:
                left_s = max(first_s + patience_s - time.monotonic(), 0.0)
            if not select.select([signals], [], [], left_s)[0]:
                return end()
            numbers = signals.read(select.PIPE_BUF)
            if not numbers:
                return None  # the block is over
            if signal.SIGINT not in numbers or not _is_raised():
                continue
            if first_s is None:
                first_s = time.monotonic()
            elif time.monotonic() - first_s > _SAME_SIGNAL_S:
                return end()


def _is_raised() -> bool:
    return signal.getsignal(signal.SIGINT) is signal.default_int_handler
