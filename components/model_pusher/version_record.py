"""`BLESSED.json`: which version is live, since when, and who allowed it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

RECORD_FILE = "BLESSED.json"


@dataclass(frozen=True, kw_only=True)
class PushedVersion:
    """One push.

    Attributes:
        version: Name of the version's folder.
        since: When it went live, ISO 8601 in UTC.
        model_sha256: Names the model.
        evidence: `verdict` and `validation`, each with artifact id, hash and summary;
            where a person approved the model, also `approval`, `approved_by`, `reason`.
        removed: Whether the pusher took it away again to keep the newest only.
    """

    version: int
    since: str
    model_sha256: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    removed: bool = False


@dataclass(frozen=True, kw_only=True)
class VersionRecord:
    """All pushes of one model; `live` is None before the first."""

    model_name: str
    live: PushedVersion | None = None
    earlier: tuple[PushedVersion, ...] = ()

    @classmethod
    def from_json(cls, content: bytes | None, model_name: str) -> VersionRecord:
        """Reads the file's content; None is a record without pushes.

        Raises:
            ValueError: It is not what `to_json` writes.
        """
        if content is None:
            return cls(model_name=model_name)
        try:
            values = json.loads(content)
            return cls(
                model_name=model_name,
                live=_pushed_version(values),
                earlier=tuple(_pushed_version(entry) for entry in values["history"]),
            )
        except (ValueError, KeyError, TypeError) as err:
            raise ValueError(
                f"{RECORD_FILE} must be as the pusher wrote it, it is not ({err!r});"
                " put it back, or move it away to begin a new record"
            ) from err

    def to_json(self) -> bytes:
        """Returns the file's content: the live version, then the history."""
        assert self.live is not None, "a record is written when something is live"
        values = {
            "model_name": self.model_name,
            **_to_dict(self.live),
            "history": [
                {**_to_dict(entry), "removed": entry.removed} for entry in self.earlier
            ],
        }
        return (json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode("utf-8")

    def find(self, version: int) -> PushedVersion | None:
        """Returns the push that made a version, None where none of ours did."""
        return next((item for item in self._all() if item.version == version), None)

    def versions(self) -> set[int]:
        """Returns every version that was ever pushed."""
        return {entry.version for entry in self._all()}

    def with_live(self, pushed: PushedVersion) -> VersionRecord:
        """Returns the record with another live version; the old one becomes history."""
        rest = (item for item in self._all() if item.version != pushed.version)
        return dataclasses.replace(self, live=pushed, earlier=tuple(rest))

    def with_removed(self, versions: Collection[int]) -> VersionRecord:
        """Returns the record with earlier versions marked as taken away."""
        marked = (
            dataclasses.replace(item, removed=item.removed or item.version in versions)
            for item in self.earlier
        )
        return dataclasses.replace(self, earlier=tuple(marked))

    def _all(self) -> tuple[PushedVersion, ...]:
        return (*([self.live] if self.live else []), *self.earlier)


def _to_dict(pushed: PushedVersion) -> dict[str, Any]:
    return {
        "version": pushed.version,
        "since": pushed.since,
        "model_sha256": pushed.model_sha256,
        **pushed.evidence,
    }


def _pushed_version(values: Mapping[str, Any]) -> PushedVersion:
    names = {entry.name for entry in dataclasses.fields(PushedVersion)}
    ours = {"model_name", "history", *names}
    return PushedVersion(
        version=int(values["version"]),
        since=values["since"],
        model_sha256=values["model_sha256"],
        removed=values.get("removed", False),
        evidence={name: value for name, value in values.items() if name not in ours},
    )
