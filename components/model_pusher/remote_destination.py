"""A destination in an object store, which has no rename of a folder."""

from __future__ import annotations

import contextlib
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

import tensorflow as tf
from tfx.dsl.io import fileio

from components.model_pusher.packaged_model import (
    MANIFEST_FILE,
    SAVED_MODEL_FILE,
    PackagedModel,
)
from components.model_pusher.version_record import RECORD_FILE


@dataclass(frozen=True)
class RemoteDestination:
    """Files go one by one, `saved_model.pb` last and the record after it.

    A server that looks in between finds a version without a model; it tries again.
    """

    folder: str

    @property
    def place(self) -> str:
        """Path of the folder."""
        return self.folder

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Makes the folder; keeps nobody out, an object store has no locks."""
        with _as_os_error():
            fileio.makedirs(self.folder)
            yield

    def clear_leftovers(self) -> None:
        """Removes versions without a model."""
        for version in self.versions():
            if self.size_bytes(f"{version}/{SAVED_MODEL_FILE}") is None:
                self.remove(version)

    def versions(self) -> list[int]:
        """Returns the versions that a server would find, oldest first."""
        names = (str(name).rstrip("/") for name in fileio.listdir(self.folder))
        return sorted(int(name) for name in names if name.isdecimal())

    def read(self, name: str) -> bytes | None:
        """Returns a file's content by its relative path, None where there is none."""
        path = posixpath.join(self.folder, name)
        if not fileio.exists(path):
            return None
        with fileio.open(path, "rb") as stream:
            content: bytes = stream.read()
        return content

    def size_bytes(self, name: str) -> int | None:
        """Returns a file's size by its relative path, None where there is none."""
        path = posixpath.join(self.folder, name)
        return int(fileio.stat(path).length) if fileio.exists(path) else None

    def publish(self, version: int, model: PackagedModel, record: bytes) -> None:
        """Makes the model a version, then writes the record."""
        names = sorted([*model.files, MANIFEST_FILE], key=_model_last)
        for name in names:
            target = posixpath.join(self.folder, str(version), name)
            fileio.makedirs(posixpath.dirname(target))
            fileio.copy(str(model.folder / name), target)
        self.write_record(record)

    def write_record(self, record: bytes) -> None:
        """Replaces the record."""
        with fileio.open(posixpath.join(self.folder, RECORD_FILE), "wb") as stream:
            stream.write(record)

    def remove(self, version: int) -> None:
        """Takes a version away, its model first."""
        folder = posixpath.join(self.folder, str(version))
        model = posixpath.join(folder, SAVED_MODEL_FILE)
        if fileio.exists(model):
            fileio.remove(model)
        # A folder there is only the names of its files, and goes with the last one.
        with contextlib.suppress(fileio.NotFoundError):
            fileio.rmtree(folder)


def _model_last(name: str) -> bool:
    return name == SAVED_MODEL_FILE


@contextlib.contextmanager
def _as_os_error() -> Iterator[None]:
    """Lets callers catch one kind of error, wherever the files lie."""
    try:
        yield
    except tf.errors.OpError as err:
        raise OSError(err.message) from err
