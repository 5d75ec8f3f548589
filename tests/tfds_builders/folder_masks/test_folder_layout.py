import re
from pathlib import Path

import pytest

from tests.tfds_builders.drawn_files import write
from tests.tfds_builders.folder_masks.drawn_folder import (
    draw_folder,
    draw_pair,
)
from tfds_builders.folder_masks.folder_layout import find_settings, list_photo_folders


def split_folders(folder: Path, *names: str) -> Path:
    for name in names:
        draw_pair(folder / name, "a")
    return folder


def test_a_flat_folder_lists_files_below_it(tmp_path: Path) -> None:
    draw_folder(tmp_path, ["b", "sub dir/앞"])
    (folder,) = list_photo_folders(tmp_path)
    assert (folder.prefix, folder.split) == ("", None)
    assert folder.photos == ("b.jpg", "sub dir/앞.jpg")
    assert folder.masks == ("b.png", "sub dir/앞.png")


@pytest.mark.parametrize("name", ["eval", "val", "valid", "validation"])
def test_split_folders_give_the_split(tmp_path: Path, name: str) -> None:
    folders = list_photo_folders(split_folders(tmp_path, "train", name, "test"))
    assert [(folder.prefix, folder.split) for folder in folders] == [
        ("train/", "train"),
        (f"{name}/", "eval"),
        ("test/", "test"),
    ]
    assert folders[1].photos == ("a.jpg",)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["train", "test"], "one each, got none for eval in "),
        (["train"], "one each, got none for eval in "),
        (["train", "val", "eval", "test"], "one each, got eval, val for eval in "),
    ],
    ids=["no-eval", "only-train", "two-evals"],
)
def test_split_folders_must_be_complete(
    tmp_path: Path, names: list[str], message: str
) -> None:
    with pytest.raises(ValueError) as caught:
        list_photo_folders(split_folders(tmp_path, *names))
    assert str(caught.value).startswith("split folders must be train, eval, test, ")
    assert message in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_images_beside_split_folders_are_refused(tmp_path: Path) -> None:
    draw_folder(split_folders(tmp_path, "train"), ["a"])
    with pytest.raises(ValueError, match="not both: got images and train in"):
        list_photo_folders(tmp_path)


def test_a_missing_folder_names_what_is_beside_it(tmp_path: Path) -> None:
    (tmp_path / "my_cars").mkdir()
    with pytest.raises(FileNotFoundError) as caught:
        find_settings(tmp_path / "my_car")
    assert str(caught.value) == (
        f"folder of photos and masks not found: {tmp_path / 'my_car'}; the folder above"
        " it holds my_cars; give an existing one"
    )


def test_a_folder_missing_with_the_one_above(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds nothing, it is missing too; gi"):
        find_settings(tmp_path / "a" / "b")


def test_a_file_instead_of_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "cars.zip", b"")
    with pytest.raises(NotADirectoryError, match=r"got the file .*cars\.zip; give the"):
        find_settings(tmp_path / "cars.zip")


def test_an_empty_folder_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        find_settings(tmp_path)
    assert str(caught.value) == (
        "a folder of masks must hold taxonomy.yaml, got an empty folder in"
        f" {tmp_path}; add it (tfds_builders/folder_masks/README.md shows one)"
    )


def test_only_a_few_of_many_entries_are_listed(tmp_path: Path) -> None:
    for number in range(12):
        write(tmp_path / f"{number:02}.jpg", b"")
    with pytest.raises(
        FileNotFoundError, match=r"got 00\.jpg, .*07\.jpg and 4 more in"
    ):
        find_settings(tmp_path)


@pytest.mark.parametrize("missing", ["images", "masks"])
def test_images_and_masks_are_both_needed(tmp_path: Path, missing: str) -> None:
    there = {"images": "masks", "masks": "images"}[missing]
    (tmp_path / there).mkdir()
    with pytest.raises(FileNotFoundError) as caught:
        list_photo_folders(tmp_path)
    assert str(caught.value) == (
        f"folders images and masks are needed, got {there} in {tmp_path}; add {missing}"
    )


def test_links_are_followed_and_circles_refused(tmp_path: Path) -> None:
    draw_folder(tmp_path / "real", ["a"])
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "images").symlink_to(tmp_path / "real" / "images")
    (linked / "masks").symlink_to(tmp_path / "real" / "masks")
    (folder,) = list_photo_folders(linked)
    assert folder.photos == ("a.jpg",)
    (tmp_path / "real" / "images" / "again").symlink_to(tmp_path / "real" / "images")
    with pytest.raises(ValueError, match=re.escape("in a circle, got 'again'; remove")):
        list_photo_folders(linked)
