"""What is known of one version of a model, from its first mention to its end."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from serving.server.errors import NotFoundError, ServingError
from serving.server.models.servable import Servable
from serving.server.models.swap_policy import Snapshot, State


@dataclass(frozen=True, kw_only=True)
class VersionStatus:
    """What the API tells of a version; `error` says why it is not there."""

    version: int
    state: State
    error: ServingError | None = None


@dataclass(kw_only=True)
class VersionRecord:
    """One version; changed by the manager only, which holds its lock then."""

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

    @property
    def status(self) -> VersionStatus:
        """What the API tells now."""
        return VersionStatus(version=self.version, state=self.state, error=self.error)

    @property
    def snapshot(self) -> Snapshot:
        """What the swap policy sees now."""
        return Snapshot(version=self.version, state=self.state, aspired=self.aspired)


def find_available(
    name: str, number: int | None, records: Iterable[VersionRecord]
) -> VersionRecord:
    """Returns a model's version that answers requests, the highest by default.

    Raises:
        NotFoundError: There is none.
    """
    available = {
        record.version: record for record in records if record.state is State.AVAILABLE
    }
    if number is None and available:
        return available[max(available)]
    if number in available:
        return available[number]
    asked = f"Latest({name})" if number is None else f"Specific({name}, {number})"
    raise NotFoundError(f"Servable not found for request: {asked}")


def has_available(records: Iterable[VersionRecord]) -> bool:
    """Says whether a model has a version that answers."""
    return any(record.state is State.AVAILABLE for record in records)


def failed_versions(records: Collection[VersionRecord]) -> list[VersionRecord]:
    """Returns a model's wanted versions where all have ended and none answers."""
    wanted = [record for record in records if record.aspired]
    over = all(record.state is State.END for record in wanted)
    return wanted if over and not has_available(records) else []


def failure(failed: Collection[VersionRecord]) -> ServingError:
    """Returns the error with which TensorFlow Serving refuses versions that failed."""
    reasons = "".join(
        f"{{{record} due to error: {record.error}}}, " for record in failed
    )
    count = len({record.name for record in failed})
    return ServingError(f"{count} model(s) did not become available: {{{reasons}}}")
