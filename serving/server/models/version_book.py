"""Tells which versions of all models there are, and hands them out."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence

from serving.server.errors import Code, DeadlineExceededError, ServingError
from serving.server.models.servable import Servable
from serving.server.models.swap_policy import State
from serving.server.models.version_record import (
    VersionRecord,
    VersionStatus,
    failed_versions,
    failure,
    find_available,
    has_available,
)


class VersionBook:
    """Holds the records; who changes one holds `_changed` and notifies it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._models: dict[str, dict[int, VersionRecord]] = {}
        self._closing = False

    @contextlib.contextmanager
    def handle(self, name: str, number: int | None = None) -> Iterator[Servable]:
        """Holds a version, the highest one by default; it stays until it is let go.

        Raises:
            NotFoundError: No such version is available.
        """
        with self._changed:
            record = find_available(name, number, self._records(name))
            record.users += 1
        try:
            assert record.servable is not None
            yield record.servable
        finally:
            with self._changed:
                record.users -= 1
                if record.state is State.UNLOADING:
                    self._changed.notify_all()

    def knows(self, name: str) -> bool:
        """Says whether there ever was a version of a model."""
        return name in self._models

    def statuses(self, name: str) -> list[VersionStatus]:
        """Returns all versions that there were, the highest first."""
        with self._changed:
            records = self._models.get(name, {})
            return [records[number].status for number in sorted(records, reverse=True)]

    def all_available(self, names: Sequence[str]) -> bool:
        """Says whether every model has a version that answers.

        Raises:
            ServingError: Every model has one or has failed, and one has failed.
        """
        with self._changed:
            failed = [failed_versions(self._records(name)) for name in names]
            missing = self._missing(names)
            if missing and len(missing) == len([item for item in failed if item]):
                raise failure([record for records in failed for record in records])
            return not missing

    def wait_until_available(
        self, names: Sequence[str], until: float | None = None
    ) -> None:
        """Returns once every model has a version that answers.

        Args:
            names: The models.
            until: When to give up, on the clock of `time.monotonic`; None is never.

        Raises:
            ServingError: A model has failed, the time is over, or the server ends.
        """
        timeout_s = None if until is None else max(until - time.monotonic(), 0.0)
        with self._changed:
            over = self._changed.wait_for(
                lambda: self._closing or self.all_available(names), timeout_s
            )
            if self._closing:
                raise ServingError("the server is stopping", Code.UNAVAILABLE)
            if not over:
                missing = self._missing(names)
                raise DeadlineExceededError(
                    f"{len(missing)} model(s) are not available yet:"
                    f" {', '.join(missing)}"
                )

    def _missing(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if not has_available(self._records(name))]

    def _records(self, name: str) -> list[VersionRecord]:
        return list(self._models.get(name, {}).values())
