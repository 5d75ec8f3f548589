"""Which versions of a model are wanted, by the names found in its base path."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_INT64 = range(-(2**63), 2**63)
_NUMBER = re.compile(r"[+-]?[0-9]+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class VersionPolicy:
    """A choice among the versions on disk; by default the newest one.

    Attributes:
        latest: So many of the highest versions; None where another field decides.
        specific: Exactly these versions; empty where another field decides.

    With neither, all versions are wanted.
    """

    latest: int | None = 1
    specific: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.latest is not None and self.latest < 1:
            raise ValueError(f"latest must be 1 or more, got {self.latest}")
        if self.latest is not None and self.specific:
            raise ValueError("a policy is latest or specific, not both")


def parse_version(name: str) -> int | None:
    """Returns the number that a folder's whole name is, None if it is none."""
    if not _NUMBER.fullmatch(name):
        return None
    version = int(name)
    return version if version in _INT64 else None


def aspired_versions(names: Iterable[str], policy: VersionPolicy) -> dict[int, str]:
    """Returns version number to folder name, the highest first.

    Of two names of one number (`5` and `0005`) the alphabetically last one counts, as
    in TensorFlow Serving.
    """
    found = {
        version: name
        for name in sorted(names)
        if (version := parse_version(name)) is not None
    }
    ordered = sorted(found, reverse=True)
    if policy.specific:
        ordered = [version for version in ordered if version in policy.specific]
    elif policy.latest is not None:
        ordered = ordered[: policy.latest]
    return {version: found[version] for version in ordered}
