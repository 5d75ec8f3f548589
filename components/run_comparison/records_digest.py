"""One hash of all test photos, whatever the order in which they are stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from components.dataset_auditor.example_reader import first_bytes, read_example

_BITS = 256


def records_digest(records: Iterable[bytes], task: str) -> str:
    """Returns the hash of photos, their true masks, ids and groups.

    Two runs write the same photos into other files, and a record's features in any
    order: neither changes the hash. A sum of hashes, not their exclusive or, so that a
    photo that is there twice counts.

    Args:
        records: Serialized tf.Examples.
        task: The true mask is the feature `mask/<task>`.
    """
    total = sum(_record_hash(record, task) for record in records)
    return f"{total % 2**_BITS:064x}"


def _record_hash(serialized: bytes, task: str) -> int:
    features = read_example(serialized)
    digest = hashlib.sha256()
    for name in ("example_id", "group_id", "image", f"mask/{task}"):
        content = first_bytes(features, name) or b""
        digest.update(f"{name} {len(content)} ".encode())
        digest.update(content)
    return int.from_bytes(digest.digest(), "big")
