"""A destination on this machine's disk, where a rename is all or nothing."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from components.model_pusher.packaged_model import MANIFEST_FILE, PackagedModel
from components.model_pusher.version_record import RECORD_FILE

# Hidden names that are no numbers: no server takes them for a version.
_STAGING = ".staging-"
_LOCK_FILE = ".push.lock"
_COPY_BYTES = 2**20


@dataclass(frozen=True)
class LocalDestination:
    """Everything is written aside, forced to the disk, then renamed.

    Killed at any moment, a push leaves either the versions as they were, or the new
    one as well; what it wrote aside goes with the next push.
    """

    folder: Path

    @property
    def place(self) -> str:
        """Path of the folder."""
        return str(self.folder)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Makes the folder and waits for another pusher; ends with the process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK_FILE).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def clear_leftovers(self) -> None:
        """Removes what a killed push wrote aside."""
        for path in self.folder.glob(f"{_STAGING}*"):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    def versions(self) -> list[int]:
        """Returns the versions that a server would find, oldest first."""
        return sorted(
            int(path.name)
            for path in self.folder.iterdir()
            if path.name.isdecimal() and path.is_dir()
        )

    def read(self, name: str) -> bytes | None:
        """Returns a file's content by its relative path, None where there is none."""
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None

    def size_bytes(self, name: str) -> int | None:
        """Returns a file's size by its relative path, None where there is none."""
        path = self.folder / name
        return path.stat().st_size if path.is_file() else None

    def publish(self, version: int, model: PackagedModel, record: bytes) -> None:
        """Makes the model a version, then writes the record.

        Both are on the disk before the first rename, so that a full disk stops the
        push before anything shows.

        Raises:
            OSError: The disk takes no more.
            ValueError: A file is not as its manifest says.
        """
        staged = self.folder / f"{_STAGING}{version}"
        _copy_model(model, staged)
        staged_record = self._stage_record(record)
        staged.rename(self.folder / str(version))
        _sync(self.folder)
        staged_record.replace(self.folder / RECORD_FILE)
        _sync(self.folder)

    def write_record(self, record: bytes) -> None:
        """Replaces the record."""
        self._stage_record(record).replace(self.folder / RECORD_FILE)
        _sync(self.folder)

    def remove(self, version: int) -> None:
        """Takes a version away; no server sees it half removed."""
        doomed = self.folder / f"{_STAGING}removed-{version}"
        (self.folder / str(version)).rename(doomed)
        shutil.rmtree(doomed)

    def _stage_record(self, record: bytes) -> Path:
        staged = self.folder / f"{_STAGING}{RECORD_FILE}"
        _write(staged, record)
        return staged


def _copy_model(model: PackagedModel, target: Path) -> None:
    folders = {target}
    for name, stated in model.files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        folders.update(parent for parent in path.parents if target in parent.parents)
        sha256 = _copy_file(model.folder / name, path)
        if sha256 != stated.sha256:
            raise ValueError(
                f"a packaged model must be as its manifest says, {name} has the"
                f" sha256 {sha256}, stated is {stated.sha256}; package the model again"
            )
    manifest = target / MANIFEST_FILE
    manifest.parent.mkdir(parents=True, exist_ok=True)
    _write(manifest, model.manifest)
    for folder in sorted({*folders, manifest.parent}):
        _sync(folder)


def _copy_file(source: Path, target: Path) -> str:
    """Copies to the disk, not only to its cache; returns the sha256."""
    digest = hashlib.sha256()
    with source.open("rb") as reader, target.open("xb") as writer:
        while chunk := reader.read(_COPY_BYTES):
            digest.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    return digest.hexdigest()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as writer:
        writer.write(content)
        writer.flush()
        os.fsync(writer.fileno())


def _sync(folder: Path) -> None:
    """Forces names to the disk: a rename lives in its folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
