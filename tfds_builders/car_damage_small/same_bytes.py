"""Files of equal content, found without reading most of them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

_BLOCK_BYTES = 1 << 20


def first_copies(folder: Path, paths: Sequence[str]) -> dict[str, str]:
    """Maps each path to the first one of the same bytes, which may be itself.

    Only files of one size are read, block by block. A file that cannot be read, or is
    empty, counts as unlike all others; reading its record will say what is wrong.

    Args:
        folder: What the paths are relative to.
        paths: Files in the order in which one is the first.
    """
    by_size: dict[int, list[str]] = defaultdict(list)
    for path in paths:
        by_size[_size(folder / path)].append(path)
    digests = {
        path: _digest(folder / path)
        for size, found in by_size.items()
        if size and len(found) > 1
        for path in found
    }
    first: dict[bytes, str] = {}
    return {
        path: first.setdefault(digest, path) if (digest := digests.get(path)) else path
        for path in paths
    }


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _digest(path: Path) -> bytes:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
    except OSError:
        return b""
    return digest.digest()
