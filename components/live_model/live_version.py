"""Which version is live at a destination, by the pusher's record."""

from __future__ import annotations

from dataclasses import dataclass

from components.model_pusher.packaged_model import is_whole
from components.model_pusher.push import Destination
from components.model_pusher.version_record import (
    RECORD_FILE,
    PushedVersion,
    VersionRecord,
)

NOTHING_LIVE = "nothing is live"


@dataclass(frozen=True, kw_only=True)
class LiveVersion:
    """One version of ours that servers find.

    Attributes:
        version: Name of its folder.
        model_sha256: Names the model.
        is_whole: Whether all its files are there, by name and size, and are this model.
    """

    version: int
    model_sha256: str
    is_whole: bool

    @property
    def fingerprint(self) -> str:
        """Names what a look at the version gives."""
        return self.model_sha256 if self.is_whole else f"damaged {self.model_sha256}"


def find_live_version(destination: Destination) -> LiveVersion | None:
    """Returns the newest version there that the record knows; None without one.

    After a person removed the newest folder, to go back, it is the one before. Versions
    that this pusher did not make are passed over: nothing says what they hold.

    Args:
        destination: The folder of versions; it need not exist.

    Raises:
        ValueError: The record is not as the pusher wrote it.
        OSError: The folder cannot be read.
    """
    record = VersionRecord.from_json(destination.read(RECORD_FILE), "")
    if record.live is None:
        return None
    pushed = [record.find(version) for version in destination.versions()]
    ours = [item for item in pushed if item is not None and item.model_sha256]
    if not ours:
        return None
    live = ours[-1]
    return LiveVersion(
        version=live.version,
        model_sha256=live.model_sha256,
        is_whole=_is_whole(destination, live),
    )


def _is_whole(destination: Destination, pushed: PushedVersion) -> bool:
    try:
        return is_whole(destination, pushed.version, pushed.model_sha256)
    except (ValueError, KeyError, TypeError):  # the manifest itself is damaged
        return False


def live_fingerprint(destination: Destination) -> str:
    """Returns another text for each state of the live version; a cache key."""
    found = find_live_version(destination)
    return NOTHING_LIVE if found is None else found.fingerprint
