"""The owner's folder is found one level up or down, and its second copy left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfds_builders.cityscapes_image_pairs.pair_folders import find_pair_folders

RULE = (
    "cityscapes_image_pairs must be a folder with train/N.jpg and val/N.jpg, or with a"
    " cityscapes_data that holds them, got "
)


def make(folder: Path, *paths: str) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()
    return folder


@pytest.mark.parametrize(
    ("prefix", "given"),
    [("cityscapes_data/", "."), ("", "cityscapes_data")],
    ids=["folder above", "data folder"],
)
def test_both_ways_to_point_at_the_set(tmp_path: Path, prefix: str, given: str) -> None:
    make(tmp_path, "cityscapes_data/train/2.jpg", "cityscapes_data/val/1.jpg")

    found = find_pair_folders(tmp_path / given)

    assert found.prefix == prefix
    assert found.names == {"train": ("2.jpg",), "val": ("1.jpg",)}
    assert found.second_copy is None


@pytest.mark.parametrize(
    ("given", "prefix", "second"),
    [
        (".", "cityscapes_data/", "cityscapes_data/cityscapes_data"),
        ("cityscapes_data", "", "cityscapes_data"),
        ("cityscapes_data/cityscapes_data", "", None),
    ],
)
def test_the_copy_inside_is_not_read_twice(
    tmp_path: Path, given: str, prefix: str, second: str | None
) -> None:
    outer = "cityscapes_data/"
    for place in (outer, outer * 2):
        make(tmp_path, f"{place}train/1.jpg", f"{place}val/1.jpg")

    found = find_pair_folders(tmp_path / given)

    assert (found.prefix, found.second_copy) == (prefix, second)
    assert found.names == {"train": ("1.jpg",), "val": ("1.jpg",)}


def test_only_the_copy_inside_is_good_enough(tmp_path: Path) -> None:
    twice = "cityscapes_data/cityscapes_data/"
    make(tmp_path, f"{twice}train/1.jpg", f"{twice}val/1.jpg")

    assert find_pair_folders(tmp_path).prefix == twice


@pytest.mark.parametrize(
    ("paths", "given", "message"),
    [
        (
            ["a/b.txt", ".hidden"],
            ".",
            "a; unpack the owner's archive and give its folder",
        ),
        (
            ["x/train/1.jpg", "x/val/1.jpg"],
            "x/train",
            "its train alone; give the folder above it",
        ),
        (
            ["x/cityscapes_data/train/1.jpg", "x/cityscapes_data/val/1.jpg"],
            ".",
            "x; give the folder x in it",
        ),
        (
            ["cityscapes_data/train/1.jpg"],
            ".",
            "cityscapes_data; there is cityscapes_data/train without val beside it:"
            " add val",
        ),
        (["val/1.jpg"], ".", "val; there is val without train beside it: add train"),
        (
            ["x/1.jpg"],
            "y",
            "no folder at all named y; give an existing one",
        ),
        (["x/1.jpg"], "x/1.jpg", "a file named 1.jpg; give an existing one"),
        (
            [f"{number}.jpg" for number in range(10, 20)],
            ".",
            "10.jpg, 11.jpg, 12.jpg, 13.jpg, 14.jpg, 15.jpg, 16.jpg, 17.jpg and 2 more;"
            " unpack the owner's archive and give its folder",
        ),
    ],
    ids=[
        "another folder",
        "too low",
        "two levels too high",
        "no val",
        "no train",
        "missing",
        "a file",
        "loose pictures",
    ],
)
def test_a_wrong_folder_is_one_line_without_this_machines_paths(
    tmp_path: Path, paths: list[str], given: str, message: str
) -> None:
    make(tmp_path, *paths)

    with pytest.raises(ValueError) as caught:
        find_pair_folders(tmp_path / given)

    assert str(caught.value) == RULE + message
    assert str(tmp_path) not in str(caught.value)
