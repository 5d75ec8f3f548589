"""Files, folders and patterns become photos with names that do not collide."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tfx_pipeline.cli.predict_inputs import find_photos
from tfx_pipeline.config.usage_error import UsageError


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    names = """a.jpg a.png b.JPG notes.txt raw .hidden.jpg a.jpg.mask.png
        a.jpg.overlay.png 2020/a.jpg 2020/old/c.webp .cache/d.jpg [x]/e.jpg"""
    for name in names.split():
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "photos"


def names(*arguments: str) -> list[str]:
    found = find_photos(arguments)
    assert all(photo.path.is_absolute() and photo.path.is_file() for photo in found)
    assert len({photo.name for photo in found}) == len(found)
    return [photo.shown for photo in found]


FOLDER = ["2020/a.jpg", "2020/old/c.webp", "[x]/e.jpg", "a.jpg", "a.png", "b.JPG"]
CASES = {
    "a folder": (["photos"], FOLDER),
    "a folder of one folder": (["photos/2020/old"], ["c.webp"]),
    "a file of any name": (["photos/raw"], ["raw"]),
    "two files of one name": (
        ["photos/a.jpg", "photos/2020/a.jpg"],
        ["a.jpg", "2020/a.jpg"],
    ),
    "the same file three times": (
        ["photos/a.jpg", "photos/../photos/a.jpg"],
        ["a.jpg"],
    ),
    "a file that looks like a pattern": (["photos/[x]/e.jpg"], ["e.jpg"]),
    "a pattern": (["photos/*.jpg"], ["a.jpg"]),
    "a pattern for everything": (["photos/*"], ["a.jpg", "a.png", "b.JPG"]),
    "a pattern through folders": (["photos/**/*.jpg"], [*FOLDER[:1], *FOLDER[2:4]]),
    "a pattern within a name": (["photos/20*/a.jp?"], ["2020/a.jpg"]),
    "a folder and a file of it": (
        ["photos/2020", "photos"],
        [
            *FOLDER[:2],
            *FOLDER[2:],
        ],
    ),
}


@pytest.mark.parametrize(("arguments", "expected"), CASES.values(), ids=CASES)
@pytest.mark.usefixtures("photos")
def test_photos_are_found(arguments: list[str], expected: list[str]) -> None:
    assert names(*arguments) == expected


@pytest.mark.parametrize(
    "argument", ["nothing", "photos/.cache/none", "photos/*.tif", "photos/[x]/[y]"]
)
@pytest.mark.usefixtures("photos")
def test_an_argument_without_photos_is_wrong_usage(argument: str) -> None:
    with pytest.raises(UsageError, match="got none at") as caught:
        find_photos(["photos/a.jpg", argument])
    assert repr(argument) in str(caught.value)


def test_a_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.jpg"
    Path(os.fsdecode(path)).touch()

    (photo,) = find_photos([str(tmp_path)])

    assert photo.shown == "caf\ufffd.jpg"
