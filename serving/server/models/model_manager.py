"""Swaps the versions of all models without dropping a request."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

from serving.server.models.load_attempts import (
    Load,
    LoadAttempts,
    LoadFailedError,
    slots,
)
from serving.server.models.servable import Runner, Servable
from serving.server.models.swap_policy import Act, State, next_action
from serving.server.models.version_book import VersionBook
from serving.server.models.version_record import VersionRecord

_LOG = logging.getLogger(__name__)


class ModelManager(VersionBook):
    """Loads and unloads in threads of its own; may be used from any thread."""

    def __init__(
        self,
        load: Load,
        *,
        max_retries: int = 5,
        retry_interval_s: float = 60.0,
        loads_at_a_time: int = 0,
        unloads_at_a_time: int = 0,
    ) -> None:
        """Starts without models.

        Args:
            load: Makes a version ready.
            max_retries: Further tries after a first failure.
            retry_interval_s: Seconds between two tries.
            loads_at_a_time: Versions that load at the same time; 0 is no limit.
            unloads_at_a_time: Versions that unload at the same time; 0 is no limit.
        """
        super().__init__()
        self._attempts = LoadAttempts(
            load, max_retries=max_retries, at_a_time=loads_at_a_time
        )
        self._retry_interval_s = retry_interval_s
        self._unload_slots = slots(unloads_at_a_time)

    def aspire(self, name: str, paths: Mapping[int, str]) -> None:
        """Takes the wanted versions of a model, with their paths; others go."""
        with self._changed:
            records = self._models.setdefault(name, {})
            for number, path in paths.items():
                known = records.get(number)
                # One that has failed is tried again once it was not wanted for a while.
                if known is None or (known.state is State.END and not known.aspired):
                    records[number] = VersionRecord(
                        name=name, version=number, path=path
                    )
            for number, record in records.items():
                record.aspired = number in paths
            self._advance(name)

    def close(self) -> bool:
        """Frees what nobody uses; returns whether that was all."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            available = [
                record
                for name in self._models
                for record in self._records(name)
                if record.state is State.AVAILABLE
            ]
            for record in available:
                record.state = State.UNLOADING  # hands out no further handle
        for record in available:
            if record.users == 0 and record.servable is not None:
                record.servable.runner.close()
        return all(record.users == 0 for record in available)

    def _advance(self, name: str) -> None:
        """Starts whatever the policy wants next; the lock is held."""
        while not self._closing:
            action = next_action([record.snapshot for record in self._records(name)])
            if action is None:
                break
            act, number = action
            record, load = self._models[name][number], act is Act.LOAD
            record.state = State.LOADING if load else State.UNLOADING
            threading.Thread(
                target=self._load_version if load else self._unload_version,
                args=(record,),
                name=f"{act.value}-{name}-{number}",
                daemon=True,
            ).start()
        self._changed.notify_all()

    def _load_version(self, record: VersionRecord) -> None:
        _LOG.info("Loading servable version %s from %s", record, record.path)
        try:
            runner = self._attempts.run(record, lambda: self._pause(record))
        except LoadFailedError as failed:
            with self._changed:
                # With tries left it was not wanted any more; by now it may be again.
                again = failed.tries_left > 0 and record.aspired
                record.state = State.START if again else State.END
                record.error = None if again else failed.error
                self._advance(record.name)
        else:
            self._take(record, runner)

    def _take(self, record: VersionRecord, runner: Runner) -> None:
        with self._changed:
            record.servable = Servable(
                name=record.name, version=record.version, runner=runner
            )
            record.state = State.AVAILABLE
            _LOG.info("Successfully loaded servable version %s", record)
            self._advance(record.name)

    def _pause(self, record: VersionRecord) -> bool:
        """Waits for the next try; returns True where none is wanted any more."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._closing or not record.aspired, self._retry_interval_s
            )

    def _unload_version(self, record: VersionRecord) -> None:
        _LOG.info("Unloading servable version %s", record)
        with self._changed:
            self._changed.wait_for(lambda: record.users == 0)
            servable, record.servable = record.servable, None
        assert servable is not None
        with self._unload_slots:
            try:
                servable.runner.close()
            # What it still holds is lost; its version must not stay for ever.
            except Exception as err:
                _LOG.error("Unloading servable %s failed: %r", record, err)
        with self._changed:
            # Its folder may have come back meanwhile.
            record.state = State.START if record.aspired else State.END
            self._advance(record.name)
        _LOG.info("Done unloading servable version %s", record)
