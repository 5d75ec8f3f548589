"""The folder is found one level up or down, or the way out is said in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tfds_builders.car_parts_carseg.drawn_carseg import (
    draw_carseg,
)
from tests.tfds_builders.drawn_files import write
from tfds_builders.car_parts_carseg.carseg_layout import find_carseg_folder
from tfds_builders.car_parts_carseg.landscapes import list_landscapes

NAMES = ["photo_0001", "photo_0031"]


def test_the_owners_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    found = find_carseg_folder(draw_carseg(tmp_path / "data", NAMES))

    assert (found.arrays, found.images) == ("arrays", "images")
    assert found.array_names() == ["photo_0001.npy", "photo_0031.npy"]
    assert found.image_paths("photo/with_segmentation") == [
        "images/photo/with_segmentation/0001.jpg",
        "images/photo/with_segmentation/0031.jpg",
    ]
    assert found.image_paths("none") == []


def test_the_folder_above_is_taken_where_one_folder_has_arrays(tmp_path: Path) -> None:
    draw_carseg(tmp_path / "carseg_data", NAMES)
    write(tmp_path / "other/readme.txt", b"")

    found = find_carseg_folder(tmp_path)

    assert (found.arrays, found.images) == ("carseg_data/arrays", "carseg_data/images")


def test_the_arrays_alone_are_taken_without_pictures(tmp_path: Path) -> None:
    folder = draw_carseg(tmp_path / "data", NAMES) / "arrays"

    found = find_carseg_folder(folder)

    assert (found.arrays, found.images) == ("", None)
    assert found.array_names() == ["photo_0001.npy", "photo_0031.npy"]
    assert found.image_paths("photo/with_segmentation") == []


def test_two_folders_with_arrays_are_refused(tmp_path: Path) -> None:
    draw_carseg(tmp_path / "a", NAMES)
    draw_carseg(tmp_path / "b", NAMES)

    with pytest.raises(ValueError, match="must hold arrays, got 2: a, b; give one of"):
        find_carseg_folder(tmp_path)


@pytest.mark.parametrize(
    ("below", "sentence"),
    [
        ("data/images", "must hold arrays/ with files like photo_0001.npy, got"),
        ("empty", "got an empty folder; give the folder as its owner hands it out"),
        ("none", "that holds arrays, got nothing of that name: 'none'; give an"),
        ("data/README", "that holds arrays, got a file: 'README'; give an existing"),
    ],
)
def test_another_folder_is_refused_in_one_line_without_its_path(
    tmp_path: Path, below: str, sentence: str
) -> None:
    draw_carseg(tmp_path / "data", NAMES)
    (tmp_path / "empty").mkdir()

    with pytest.raises(ValueError, match=sentence) as caught:
        find_carseg_folder(tmp_path / below)

    assert str(tmp_path) not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_landscapes_are_listed_in_order_without_texts(tmp_path: Path) -> None:
    folder = draw_carseg(tmp_path / "data", NAMES)

    assert list_landscapes(folder) == [
        "images/landscapes/0001.jpg",
        "images/landscapes/0002.jpg",
    ]
    assert list_landscapes(tmp_path) == [
        "data/images/landscapes/0001.jpg",
        "data/images/landscapes/0002.jpg",
    ]
    assert list_landscapes(folder / "arrays") == []
