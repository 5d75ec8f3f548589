"""A packaged model by its manifest: which files, and are they all there."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from components.model_packager.package_files import DESCRIBING_FILES, MANIFEST_FILE

SAVED_MODEL_FILE = "saved_model.pb"


@dataclass(frozen=True, kw_only=True)
class StatedFile:
    """What the manifest says of a file."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class PackagedModel:
    """A model on this machine's disk, ready to be copied.

    Attributes:
        folder: Where `saved_model.pb` lies.
        files: Relative path to what the manifest says; the manifest is not in it.
        manifest: Content of the manifest.
    """

    folder: Path
    files: Mapping[str, StatedFile]
    manifest: bytes

    @property
    def model_sha256(self) -> str:
        """Names the model: two with one hash give the same answers."""
        return hash_model(self.files)

    @property
    def size_bytes(self) -> int:
        """Of all files together."""
        stated = sum(file.size_bytes for file in self.files.values())
        return stated + len(self.manifest)


class VersionFiles(Protocol):
    """Read access to the folder of a model's versions."""

    def read(self, name: str) -> bytes | None:
        """Returns a file's content by its relative path, None where there is none."""

    def size_bytes(self, name: str) -> int | None:
        """Returns a file's size by its relative path, None where there is none."""


def read_packaged_model(folder: str | os.PathLike[str]) -> PackagedModel:
    """Reads the manifest of a packaged model.

    Raises:
        ValueError: There is no manifest, or files that it does not name.
    """
    root = Path(folder)
    if not (root / MANIFEST_FILE).is_file():
        raise ValueError(
            f"a model must be packaged before it is pushed, {root} has no"
            f" {MANIFEST_FILE}; give the output of ModelPackager"
        )
    manifest = (root / MANIFEST_FILE).read_bytes()
    files = parse_manifest(manifest)
    found = {
        path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()
    }
    odd = sorted(found.symmetric_difference({*files, MANIFEST_FILE}))
    if odd:
        raise ValueError(
            "a packaged model must hold the files of its manifest and no other, in"
            f" {root} it is otherwise with {', '.join(odd)}; package the model again"
        )
    return PackagedModel(folder=root, files=files, manifest=manifest)


def parse_manifest(content: bytes) -> dict[str, StatedFile]:
    """Returns what the manifest says of each file."""
    return {
        name: StatedFile(sha256=file["sha256"], size_bytes=file["bytes"])
        for name, file in json.loads(content)["files"].items()
    }


def hash_model(files: Mapping[str, StatedFile]) -> str:
    """Returns one hash of all files but those that only describe the model.

    A model that is evaluated again, against another baseline, gets another card and
    other metrics, and is still the model that is live.
    """
    digest = hashlib.sha256()
    for name in sorted(set(files) - DESCRIBING_FILES):
        digest.update(f"{name}\0{files[name].sha256}\0".encode())
    return digest.hexdigest()


def is_whole(
    versions: VersionFiles, version: int, model_sha256: str | None = None
) -> bool:
    """Tells whether all files of a version are there, by name and size.

    Args:
        versions: The folder of versions.
        version: Which one.
        model_sha256: Also tells whether it is this very model; None asks for none.
    """
    manifest = versions.read(f"{version}/{MANIFEST_FILE}")
    if manifest is None:
        return False
    files = parse_manifest(manifest)
    if model_sha256 not in (None, hash_model(files)):
        return False
    return all(
        versions.size_bytes(f"{version}/{name}") == file.size_bytes
        for name, file in files.items()
    )
