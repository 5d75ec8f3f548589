"""Loads a version, and again where that fails."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from serving.server.errors import ServingError, as_serving_error
from serving.server.models.servable import Runner
from serving.server.models.version_record import VersionRecord

_LOG = logging.getLogger(__name__)

# Makes a version ready, from its model's name and its folder's path.
Load = Callable[[str, str], Runner]


class LoadFailedError(Exception):
    """A version could not be loaded; `error` is the reason of the last try."""

    def __init__(self, error: ServingError, *, tries_left: int) -> None:
        super().__init__(str(error))
        self.error = error
        self.tries_left = tries_left


def slots(count: int) -> AbstractContextManager[Any]:
    """Returns what lets so many in at a time; 0 lets in all."""
    return threading.BoundedSemaphore(count) if count else contextlib.nullcontext()


class LoadAttempts:
    """Loads versions in the caller's thread; may be used from any."""

    def __init__(self, load: Load, *, max_retries: int, at_a_time: int) -> None:
        """Prepares to load.

        Args:
            load: Makes a version ready.
            max_retries: Further tries after a first failure.
            at_a_time: Versions that load at the same time; 0 is no limit.
        """
        self._load = load
        self._max_retries = max_retries
        self._slots = slots(at_a_time)

    def run(self, record: VersionRecord, pause: Callable[[], bool]) -> Runner:
        """Loads a version.

        Args:
            record: The version.
            pause: Waits for the next try; returns True where none is wanted any more.

        Raises:
            LoadFailedError: All tries failed, or no further one is wanted.
        """
        left = self._max_retries
        while True:
            try:
                with self._slots:  # not while it waits: others may load then
                    return self._load(record.name, record.path)
            # A version may fail in any way; the server and other versions live on.
            except Exception as err:
                error = as_serving_error(err)
            _LOG.error(
                "Loading servable %s failed: %s; tries left: %d", record, error, left
            )
            if left == 0 or pause():
                raise LoadFailedError(error, tries_left=left)
            left -= 1
