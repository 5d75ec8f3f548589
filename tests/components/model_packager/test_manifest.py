from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from components.model_packager.manifest import (
    MANIFEST_FILE,
    verify_manifest,
    write_manifest,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "variables").mkdir()
    (tmp_path / "variables/data").write_bytes(b"\x00\x01" * 700_000)
    (tmp_path / "saved_model.pb").write_bytes(b"graph")
    return tmp_path


def test_the_manifest_states_every_file(folder: Path) -> None:
    sha256 = write_manifest(str(folder))
    content = (folder / MANIFEST_FILE).read_bytes()
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert json.loads(content) == {
        "files": {
            "saved_model.pb": {
                "sha256": hashlib.sha256(b"graph").hexdigest(),
                "bytes": 5,
            },
            "variables/data": {
                "sha256": hashlib.sha256(b"\x00\x01" * 700_000).hexdigest(),
                "bytes": 1_400_000,
            },
        }
    }
    assert verify_manifest(str(folder)) == []


def test_one_flipped_bit_is_found(folder: Path) -> None:
    write_manifest(str(folder))
    (folder / "saved_model.pb").write_bytes(b"grapi")
    (found,) = verify_manifest(str(folder))
    assert found.startswith("saved_model.pb was altered: 5 bytes with sha256 ")


def test_missing_and_added_files_are_found(folder: Path) -> None:
    write_manifest(str(folder))
    (folder / "saved_model.pb").unlink()
    (folder / "variables/more").write_bytes(b"")
    assert verify_manifest(str(folder)) == [
        "saved_model.pb is missing",
        "variables/more is not in the manifest",
    ]


def test_a_folder_without_manifest_was_not_packaged(folder: Path) -> None:
    assert verify_manifest(str(folder)) == [
        "assets.extra/manifest.json is missing; the model was not packaged"
    ]
