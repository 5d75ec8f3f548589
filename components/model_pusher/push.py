"""Decides which version a model becomes, and keeps the record of what is live."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any, Protocol

from components.model_pusher.packaged_model import (
    PackagedModel,
    VersionFiles,
    is_whole,
)
from components.model_pusher.version_record import (
    RECORD_FILE,
    PushedVersion,
    VersionRecord,
)


class Destination(VersionFiles, Protocol):
    """The folder that servers watch: a folder per version, and the record."""

    @property
    def place(self) -> str:
        """Path of the folder."""

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Makes the folder and keeps other pushers out."""

    def clear_leftovers(self) -> None:
        """Removes what a killed push left behind."""

    def versions(self) -> list[int]:
        """Returns the versions that a server would find, oldest first."""

    def publish(self, version: int, model: PackagedModel, record: bytes) -> None:
        """Makes the model a version, then writes the record."""

    def write_record(self, record: bytes) -> None:
        """Replaces the record."""

    def remove(self, version: int) -> None:
        """Takes a version away."""


@dataclass(frozen=True, kw_only=True)
class PushRequest:
    """What is asked for beside the model.

    Attributes:
        model_name: Under which it is served.
        now: In UTC; names the version and goes into the record.
        evidence: Who allowed it; see `PushedVersion`.
        keep_versions: The newest so many stay; 0 keeps all.
    """

    model_name: str
    now: datetime
    evidence: Mapping[str, Any] = field(default_factory=dict)
    keep_versions: int = 0


@dataclass(frozen=True, kw_only=True)
class Pushed:
    """What came of it.

    Attributes:
        version: The one that holds the model.
        live_version: The newest, which servers take.
        is_new: False where the model was there already.
        removed: Older versions that were taken away.
    """

    version: int
    live_version: int
    is_new: bool
    removed: tuple[int, ...] = ()

    def to_text(self) -> str:
        """Returns one line for a person."""
        if self.is_new:
            return f"pushed as version {self.version}"
        if self.version == self.live_version:
            return f"nothing to push: version {self.version} is this model, and live"
        return (
            f"nothing to push: version {self.version} is this model; newer and live is"
            f" {self.live_version}, remove its folder to go back"
        )


def push_model(
    model: PackagedModel, destination: Destination, request: PushRequest
) -> Pushed:
    """Pushes a model unless a version already is that model.

    Raises:
        OSError: The destination takes no files; no half version is left there.
        ValueError: The destination's record is not ours, or a file of the model is
            not as its manifest says.
    """
    try:
        with destination.locked():
            return _push_or_clear(model, destination, request)
    except OSError as err:
        raise OSError(
            "push.directory must be a folder that can be written, with room for"
            f" {model.size_bytes / 1e6:.1f} MB; {destination.place} is not"
            f" ({err.strerror or err}); free space there or choose another, no half"
            " version is left"
        ) from err


def next_version(now: datetime, taken: Iterable[int]) -> int:
    """Returns seconds since 1970 as TFX does, but above every version ever taken."""
    return max([int(now.timestamp()), *(version + 1 for version in taken)])


def _push_or_clear(
    model: PackagedModel, destination: Destination, request: PushRequest
) -> Pushed:
    try:
        return _push(model, destination, request)
    except BaseException:  # Ctrl-C too must leave nothing behind
        with contextlib.suppress(OSError):
            destination.clear_leftovers()
        raise


def _push(
    model: PackagedModel, destination: Destination, request: PushRequest
) -> Pushed:
    destination.clear_leftovers()
    record = VersionRecord.from_json(destination.read(RECORD_FILE), request.model_name)
    present = destination.versions()
    same = [
        version
        for version in present
        if is_whole(destination, version, model.model_sha256)
    ]
    if same:
        return _confirm(same[-1], model, destination, request, record)
    version = next_version(request.now, [*present, *record.versions()])
    record = record.with_live(_pushed_now(version, model.model_sha256, request))
    removed = _superfluous([*present, version], record, request.keep_versions)
    record = record.with_removed(removed)
    destination.publish(version, model, record.to_json())
    for old in removed:
        destination.remove(old)
    return Pushed(
        version=version, live_version=version, is_new=True, removed=tuple(removed)
    )


def _confirm(
    version: int,
    model: PackagedModel,
    destination: Destination,
    request: PushRequest,
    stored: VersionRecord,
) -> Pushed:
    """Leaves a model that is there, and sets a record right that says otherwise.

    It does where a push was killed before its record, or a person removed a version.
    """
    present = destination.versions()
    live, record = present[-1], stored
    if stored.live is None or stored.live.version != live:
        entry = _pushed_now(live, model.model_sha256, request)
        if live != version:
            entry = _went_live_again(live, stored, request.now)
        record = stored.with_live(entry)
    removed = [
        old
        for old in _superfluous(present, record, request.keep_versions)
        if old != version
    ]
    record = record.with_removed(removed)
    if record != stored:
        destination.write_record(record.to_json())
    for old in removed:
        destination.remove(old)
    return Pushed(
        version=version, live_version=live, is_new=False, removed=tuple(removed)
    )


def _pushed_now(version: int, model_sha256: str, request: PushRequest) -> PushedVersion:
    return PushedVersion(
        version=version,
        since=_iso(request.now),
        model_sha256=model_sha256,
        evidence=request.evidence,
    )


def _went_live_again(
    version: int, stored: VersionRecord, now: datetime
) -> PushedVersion:
    """Returns the entry of a version that nobody pushed now; it may not be ours."""
    known = stored.find(version)
    if known is None:
        return PushedVersion(version=version, since=_iso(now), model_sha256="")
    return replace(known, since=_iso(now), removed=False)


def _superfluous(
    present: Sequence[int], record: VersionRecord, keep_versions: int
) -> list[int]:
    """Returns the old versions to remove; never one that this pusher did not make."""
    old = sorted(present)[:-keep_versions] if keep_versions else []
    return [version for version in old if record.find(version)]


def _iso(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
