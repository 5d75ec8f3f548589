"""Tells TFX's cache when a destination lost what was pushed to it.

TFX takes the result of an earlier push whose inputs are the same, and does not look
whether the pushed version still exists. This value travels as execution property: it is
the same as long as everything is there, and another for each set of lost versions.
"""

from __future__ import annotations

from collections.abc import Iterable

from components.model_pusher.packaged_model import is_whole
from components.model_pusher.push import Destination
from components.model_pusher.version_record import RECORD_FILE, VersionRecord

INTACT = "intact"


def destination_fingerprint(destination: Destination, pushed: Iterable[int]) -> str:
    """Returns `intact`, or the versions that are gone.

    Args:
        destination: The folder of versions; it need not exist.
        pushed: Every version that ML Metadata says was pushed there.

    Versions that the pusher took away itself (`keep_versions`) are not missed.
    """
    record = VersionRecord.from_json(destination.read(RECORD_FILE), "")
    lost = sorted(
        version
        for version in set(pushed)
        if not _is_there(destination, record, version)
    )
    return f"lost {', '.join(map(str, lost))}" if lost else INTACT


def _is_there(destination: Destination, record: VersionRecord, version: int) -> bool:
    known = record.find(version)
    if known is not None and known.removed:
        return True
    return is_whole(destination, version, known.model_sha256 if known else None)
