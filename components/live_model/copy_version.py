"""Copies a pushed version, holding every file to its manifest."""

from __future__ import annotations

import hashlib
import posixpath

from tfx.dsl.io import fileio

from components.model_pusher.packaged_model import MANIFEST_FILE, parse_manifest

_COPY_BYTES = 2**20


class DamagedVersionError(ValueError):
    """A pushed version is not as its manifest says; the message says where."""


def copy_version(folder: str, target: str) -> None:
    """Copies the files of a version, by their manifest, and the manifest.

    They are copied and not linked: the artifact stays as it is, whatever becomes of the
    version.

    Args:
        folder: The version's folder, whole by names and sizes; may be remote.
        target: Folder of the copy, made here.

    Raises:
        DamagedVersionError: A file has another content.
    """
    with fileio.open(posixpath.join(folder, MANIFEST_FILE), "rb") as stream:
        manifest = stream.read()
    for name, stated in parse_manifest(manifest).items():
        if _copy_file(folder, name, target) != stated.sha256:
            raise DamagedVersionError(f"{name} has another content than was pushed")
    path = posixpath.join(target, MANIFEST_FILE)
    fileio.makedirs(posixpath.dirname(path))
    with fileio.open(path, "wb") as stream:
        stream.write(manifest)


def _copy_file(folder: str, name: str, target: str) -> str:
    """Copies a file by its relative path; returns the sha256."""
    path = posixpath.join(target, name)
    fileio.makedirs(posixpath.dirname(path))
    digest = hashlib.sha256()
    with (
        fileio.open(posixpath.join(folder, name), "rb") as reader,
        fileio.open(path, "wb") as writer,
    ):
        while chunk := reader.read(_COPY_BYTES):
            digest.update(chunk)
            writer.write(chunk)
    return digest.hexdigest()
