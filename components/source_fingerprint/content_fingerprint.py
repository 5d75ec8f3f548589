"""Names the state of a folder of source files, so that a change is noticed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

NO_SOURCE = "drawn"
_READ_BYTES = 1 << 20


def content_fingerprint(folder: str | None, *, verify_bytes: bool = False) -> str:
    """Returns a hash over every file's relative path, size and time of change.

    Args:
        folder: The source folder; None for data that is drawn.
        verify_bytes: Hash the content in place of the time: slower, and right also
            where a tool keeps the time while it changes the bytes.
    """
    if folder is None:
        return NO_SOURCE
    root = check_folder(folder)
    digest = hashlib.sha256(b"bytes" if verify_bytes else b"times")
    for path in _files(root):
        status = path.stat()
        state = _hash_file(path) if verify_bytes else str(status.st_mtime_ns)
        relative = path.relative_to(root).as_posix()
        digest.update(f"{relative}\0{status.st_size}\0{state}\n".encode())
    return digest.hexdigest()


def check_folder(folder: str) -> Path:
    """Returns the source folder; refuses one that is not there."""
    root = Path(folder)
    if not root.is_dir():
        raise ValueError(
            f"data.manual_dir must be an existing folder, got {folder!r}; give the"
            " folder that holds the dataset with --manual-dir"
        )
    return root


def _files(root: Path) -> Iterator[Path]:
    """Yields the files below the folder in one order on every machine."""
    for folder, folders, files in os.walk(root, followlinks=True):
        folders.sort()
        for name in sorted(files):
            path = Path(folder, name)
            if path.exists():  # a broken link is no file
                yield path


def _hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_READ_BYTES):
            digest.update(block)
    return digest.hexdigest()
