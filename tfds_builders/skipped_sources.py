"""Sources that could not be read: counted, written down, and refused above a share."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SKIPPED_FILE = "skipped.json"


@dataclass(frozen=True, kw_only=True, order=True)
class SkippedSource:
    """One source that gave no record.

    Attributes:
        source: Its path below the user's folder, or its id.
        split: Where it would have been; None where that was not known yet.
        reason: One line.
        is_known: The dataset's owner published it so (a demo entry, a duplicate), or
            the user has not fetched or unpacked it: it is named, but does not count
            against the tolerated share.
    """

    source: str
    split: str | None
    reason: str
    is_known: bool = False


class TooManySkippedError(ValueError):
    """More sources were unreadable than the configuration tolerates."""


def skipped_report(read: int, skipped: Iterable[SkippedSource]) -> dict[str, Any]:
    """Returns the JSON form: sources tried, share skipped, and each with its reason.

    Example:
        >>> skipped_report(3, [SkippedSource(source="a", split=None, reason="r")])[
        ...     "share"
        ... ]
        0.25
    """
    ordered = sorted(
        skipped, key=lambda entry: (entry.source, entry.split or "", entry.reason)
    )
    unreadable = sum(not entry.is_known for entry in ordered)
    tried = read + unreadable
    return {
        "read": read,
        "share": unreadable / tried if tried else 0.0,
        "skipped": [asdict(entry) for entry in ordered],
    }


def write_skipped(report: Mapping[str, Any], folder: Path) -> Path:
    """Writes the report as `skipped.json` into the folder and returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / SKIPPED_FILE
    text = json.dumps(report, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", "utf-8")
    return path


def refuse_too_many(
    report: Mapping[str, Any], max_skipped_share: float, path: Path
) -> None:
    """Raises when the share of unreadable sources is above the tolerated one."""
    if report["share"] <= max_skipped_share:
        return
    unreadable = [entry for entry in report["skipped"] if not entry["is_known"]]
    first, skipped = unreadable[0], len(unreadable)
    tried = report["read"] + skipped
    raise TooManySkippedError(
        f"at most {max_skipped_share:.2%} of the sources may be unreadable, got"
        f" {skipped} of {tried} ({report['share']:.2%}); first: {first['source']}:"
        f" {first['reason']}; mend the files listed in {path}, or raise"
        " data.max_skipped_share"
    )
