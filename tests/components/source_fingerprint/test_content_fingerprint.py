"""A source folder's fingerprint changes with its files, and only with them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from components.source_fingerprint.content_fingerprint import content_fingerprint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("images/a.jpg", "images/b.jpg", "masks/a.png"):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
        os.utime(path, ns=(10**18, 10**18))
    return tmp_path / "photos"


def test_nothing_changed_gives_the_same_name(folder: Path) -> None:
    assert content_fingerprint(str(folder)) == content_fingerprint(str(folder))


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "images" / "c.jpg").write_bytes(b"new"),
        lambda folder: (folder / "images" / "a.jpg").unlink(),
        lambda folder: (folder / "images" / "a.jpg").write_bytes(b"longer content"),
        lambda folder: (folder / "images" / "a.jpg").rename(folder / "images" / "z"),
        lambda folder: os.utime(folder / "images" / "a.jpg"),
    ],
    ids=["added", "removed", "grown", "renamed", "touched"],
)
def test_a_change_of_a_file_gives_another_name(
    folder: Path, change: Callable[[Path], object]
) -> None:
    before = content_fingerprint(str(folder))

    change(folder)

    assert content_fingerprint(str(folder)) != before


def test_bytes_are_compared_where_time_and_size_lie(folder: Path) -> None:
    quick = content_fingerprint(str(folder))
    exact = content_fingerprint(str(folder), verify_bytes=True)
    path = folder / "images" / "a.jpg"
    path.write_bytes(path.read_bytes().swapcase())
    os.utime(path, ns=(10**18, 10**18))

    assert content_fingerprint(str(folder)) == quick
    assert content_fingerprint(str(folder), verify_bytes=True) != exact


def test_with_bytes_verified_a_touch_changes_nothing(folder: Path) -> None:
    exact = content_fingerprint(str(folder), verify_bytes=True)
    os.utime(folder / "images" / "a.jpg")

    assert content_fingerprint(str(folder), verify_bytes=True) == exact


def test_a_missing_folder_is_named() -> None:
    with pytest.raises(ValueError, match=r"data\.manual_dir must be .* got 'nowhere'"):
        content_fingerprint("nowhere")
