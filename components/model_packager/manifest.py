"""The hash of every file of a packaged model, written once and checked at any time."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Mapping
from typing import Any

from tfx.dsl.io import fileio

from components.model_packager.package_files import MANIFEST_FILE

_CHUNK_BYTES = 2**20

FileHashes = dict[str, dict[str, Any]]


def hash_files(folder: str) -> FileHashes:
    """Returns relative path to `sha256` and `bytes`, the manifest itself left out."""
    return {
        name: _hash_file(posixpath.join(folder, name))
        for name in list_files(folder)
        if name != MANIFEST_FILE
    }


def list_files(folder: str) -> list[str]:
    """Returns the paths of all files below a folder, relative to it and sorted."""
    return sorted(
        posixpath.relpath(posixpath.join(_text(parent), _text(name)), folder)
        for parent, _, names in fileio.walk(folder)
        for name in names
    )


def write_manifest(folder: str) -> str:
    """Writes `assets.extra/manifest.json`; returns the manifest's own sha256."""
    path = posixpath.join(folder, MANIFEST_FILE)
    content = json.dumps({"files": hash_files(folder)}, indent=2, sort_keys=True) + "\n"
    fileio.makedirs(posixpath.dirname(path))
    with fileio.open(path, "w") as stream:
        stream.write(content)
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


def verify_manifest(folder: str) -> list[str]:
    """Returns a sentence per file that is not as it was packaged; empty if all are."""
    path = posixpath.join(folder, MANIFEST_FILE)
    if not fileio.exists(path):
        return [f"{MANIFEST_FILE} is missing; the model was not packaged"]
    with fileio.open(path) as stream:
        return compare_files(json.load(stream)["files"], hash_files(folder))


def compare_files(stated: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """Returns a sentence per difference between two `hash_files`, sorted by file."""
    differences = []
    for name in sorted({*stated, *found}):
        if name not in found:
            differences.append(f"{name} is missing")
        elif name not in stated:
            differences.append(f"{name} is not in the manifest")
        elif stated[name] != found[name]:
            differences.append(
                f"{name} was altered: {found[name]['bytes']} bytes with sha256"
                f" {found[name]['sha256']}, packaged were {stated[name]['bytes']} with"
                f" {stated[name]['sha256']}"
            )
    return differences


def _hash_file(path: str) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with fileio.open(path, "rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return {"sha256": digest.hexdigest(), "bytes": size}


def _text(name: str | bytes) -> str:
    return name.decode("utf-8") if isinstance(name, bytes) else name
