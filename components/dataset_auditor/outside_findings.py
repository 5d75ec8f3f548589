"""Findings that other nodes made: sources the builder skipped, anomalies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from components.dataset_auditor.findings import Finding


def tidy_skipped(skipped: Mapping[str, Any] | None) -> dict[str, Any]:
    """Returns the builder's list, sorted, without folders of the machine."""
    if not skipped:
        return {"read": 0, "skipped": [], "share": 0.0}
    entries = [
        {
            "source": without_folder(str(entry["source"])),
            "split": entry.get("split"),
            "reason": str(entry["reason"]),
        }
        for entry in skipped["skipped"]
    ]
    entries.sort(key=lambda one: (one["split"] or "", one["source"], one["reason"]))
    return {
        "read": int(skipped["read"]),
        "skipped": entries,
        "share": round(float(skipped["share"]), 6),
    }


def find_skipped(skipped: Mapping[str, Any]) -> Iterator[Finding]:
    """Yields one finding a skipped source of `tidy_skipped`."""
    for entry in skipped["skipped"]:
        yield Finding(
            rule="skipped_source",
            detail=f"{entry['source']}: {entry['reason']}",
            splits=(entry["split"],) if entry["split"] else (),
        )


def find_anomalies(anomalies: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Yields one finding an anomaly."""
    for split, sentences in anomalies.items():
        for sentence in sentences:
            yield Finding(rule="anomaly", detail=sentence, splits=(split,))


def without_folder(source: str) -> str:
    """Keeps a relative name, cuts an absolute path down to its last part.

    Example:
        >>> without_folder("/home/me/set/a.jpg"), without_folder("train/a.jpg")
        ('a.jpg', 'train/a.jpg')
    """
    for kind in (PurePosixPath, PureWindowsPath):
        path = kind(source)
        if path.is_absolute():
            return path.name
    return source
