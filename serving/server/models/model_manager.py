"""Holds the versions of all models and swaps them without dropping a request."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from serving.server.errors import NotFoundError, ServingError, as_serving_error
from serving.server.models.servable import Runner, Servable
from serving.server.models.swap_policy import Act, Snapshot, State, next_action

_LOG = logging.getLogger(__name__)

# Makes a version ready, from its model's name and its folder's path.
Load = Callable[[str, str], Runner]


@dataclass(frozen=True, kw_only=True)
class VersionStatus:
    """What the API tells of a version; `error` says why it is not there."""

    version: int
    state: State
    error: ServingError | None = None


@dataclass(kw_only=True)
class _Version:
    name: str
    version: int
    path: str
    state: State = State.START
    aspired: bool = True
    error: ServingError | None = None
    servable: Servable | None = None
    users: int = 0

    def __str__(self) -> str:
        return f"{{name: {self.name} version: {self.version}}}"


class ModelManager:
    """Loads and unloads in threads of its own; may be used from any thread."""

    def __init__(
        self, load: Load, *, max_retries: int = 5, retry_interval_s: float = 60.0
    ) -> None:
        """Starts without models.

        Args:
            load: Makes a version ready.
            max_retries: Further tries after a first failure.
            retry_interval_s: Seconds between two tries.
        """
        self._load = load
        self._max_retries = max_retries
        self._retry_interval_s = retry_interval_s
        self._changed = threading.Condition()
        self._models: dict[str, dict[int, _Version]] = {}
        self._closing = False

    def aspire(self, name: str, paths: Mapping[int, str]) -> None:
        """Takes the wanted versions of a model, with their paths; others go."""
        with self._changed:
            versions = self._models.setdefault(name, {})
            for number, path in paths.items():
                known = versions.get(number)
                # One that has failed is tried again once it was not wanted for a while.
                if known is None or (known.state is State.END and not known.aspired):
                    versions[number] = _Version(name=name, version=number, path=path)
            for number, version in versions.items():
                version.aspired = number in paths
            self._advance(name)

    @contextlib.contextmanager
    def handle(self, name: str, number: int | None = None) -> Iterator[Servable]:
        """Holds a version, the highest one by default; it stays until it is let go.

        Raises:
            NotFoundError: No such version is available.
        """
        with self._changed:
            version = self._find(name, number)
            version.users += 1
        try:
            assert version.servable is not None
            yield version.servable
        finally:
            with self._changed:
                version.users -= 1
                if version.state is State.UNLOADING:
                    self._changed.notify_all()

    def knows(self, name: str) -> bool:
        """Says whether there ever was a version of a model."""
        return name in self._models

    def statuses(self, name: str) -> list[VersionStatus]:
        """Returns all versions that there were, the highest first."""
        with self._changed:
            versions = self._models.get(name, {})
            return [
                VersionStatus(
                    version=number,
                    state=versions[number].state,
                    error=versions[number].error,
                )
                for number in sorted(versions, reverse=True)
            ]

    def all_available(self, names: Sequence[str]) -> bool:
        """Says whether every model has a version that answers.

        Raises:
            ServingError: A model has versions, and all of them have failed.
        """
        with self._changed:
            failed = [
                version
                for name in names
                for version in self._failed(list(self._models.get(name, {}).values()))
            ]
            if failed:
                reasons = "".join(
                    f"{{{version} due to error: {version.error}}}, "
                    for version in failed
                )
                count = len({version.name for version in failed})
                raise ServingError(
                    f"{count} model(s) did not become available: {{{reasons}}}"
                )
            return all(
                any(
                    version.state is State.AVAILABLE
                    for version in self._models.get(name, {}).values()
                )
                for name in names
            )

    def close(self) -> bool:
        """Frees what nobody uses; returns whether that was all."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            versions = [
                version
                for versions in self._models.values()
                for version in versions.values()
                if version.state is State.AVAILABLE
            ]
            for version in versions:
                version.state = State.UNLOADING  # hands out no further handle
        for version in versions:
            if version.users == 0 and version.servable is not None:
                version.servable.runner.close()
        return all(version.users == 0 for version in versions)

    def _failed(self, versions: Sequence[_Version]) -> list[_Version]:
        wanted = [version for version in versions if version.aspired]
        if any(version.state is State.AVAILABLE for version in versions):
            return []
        over = all(version.state is State.END for version in wanted)
        return wanted if over else []

    def _find(self, name: str, number: int | None) -> _Version:
        available = {
            version.version: version
            for version in self._models.get(name, {}).values()
            if version.state is State.AVAILABLE
        }
        if number is None and available:
            return available[max(available)]
        if number in available:
            return available[number]
        asked = f"Latest({name})" if number is None else f"Specific({name}, {number})"
        raise NotFoundError(f"Servable not found for request: {asked}")

    def _advance(self, name: str) -> None:
        """Starts whatever the policy wants next; the lock is held."""
        versions = self._models[name]
        while not self._closing:
            snapshots = [
                Snapshot(
                    version=version.version,
                    state=version.state,
                    aspired=version.aspired,
                )
                for version in versions.values()
            ]
            action = next_action(snapshots)
            if action is None:
                break
            version = versions[action[1]]
            load = action[0] is Act.LOAD
            version.state = State.LOADING if load else State.UNLOADING
            threading.Thread(
                target=self._load_version if load else self._unload_version,
                args=(version,),
                name=f"{action[0].value}-{name}-{version.version}",
                daemon=True,
            ).start()
        self._changed.notify_all()

    def _load_version(self, version: _Version) -> None:
        _LOG.info("Loading servable version %s from %s", version, version.path)
        runner, error = None, None
        for left in range(self._max_retries, -1, -1):
            try:
                runner = self._load(version.name, version.path)
                break
            # A version may fail in any way; the server and other versions live on.
            except Exception as err:
                error = as_serving_error(err)
            _LOG.error(
                "Loading servable %s failed: %s; tries left: %d", version, error, left
            )
            if left and self._wait_until_unwanted(version):
                break
        with self._changed:
            if runner is not None:
                version.servable = Servable(
                    name=version.name, version=version.version, runner=runner
                )
                version.state, version.error = State.AVAILABLE, None
                _LOG.info("Successfully loaded servable version %s", version)
            else:
                version.error = error
                # With tries left it was not wanted any more; by now it may be again.
                again = left and version.aspired
                version.state = State.START if again else State.END
            self._advance(version.name)

    def _wait_until_unwanted(self, version: _Version) -> bool:
        """Waits for the next try; returns True where none is wanted any more."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._closing or not version.aspired, self._retry_interval_s
            )

    def _unload_version(self, version: _Version) -> None:
        _LOG.info("Unloading servable version %s", version)
        with self._changed:
            self._changed.wait_for(lambda: version.users == 0)
            servable, version.servable = version.servable, None
        assert servable is not None
        servable.runner.close()
        with self._changed:
            # Its folder may have come back meanwhile.
            version.state = State.START if version.aspired else State.END
            self._advance(version.name)
        _LOG.info("Done unloading servable version %s", version)
