"""The tree is found however it is spelled and wherever in it the user points."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from tests.tfds_builders.car_damage_aihub.drawn_tree import (
    DATA,
    draw,
    draw_tree,
    place,
)
from tests.tfds_builders.drawn_files import write
from tfds_builders.car_damage_aihub.dataset_folder import (
    DatasetFiles,
    list_dataset_files,
    unread_archives,
)

STEM = "0000001_sc-000001"


def found(files: DatasetFiles) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(entry.owner_split, entry.kind, entry.names) for entry in files.folders]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    draw(tmp_path / "user", STEM, "damage")
    draw(tmp_path / "user", STEM, "damage_part", owner_split="Validation")
    return tmp_path / "user"


EXPECTED = [
    ("Training", "damage", (f"{STEM}.jpg",)),
    ("Training", "damage", (f"{STEM}.json",)),
    ("Validation", "damage_part", (f"{STEM}.jpg",)),
    ("Validation", "damage_part", (f"{STEM}.json",)),
]


@pytest.mark.parametrize("below", ["", DATA.split("/", maxsplit=1)[0], DATA])
def test_the_folder_may_be_given_at_three_levels(root: Path, below: str) -> None:
    assert found(list_dataset_files(root / below)) == EXPECTED


@pytest.mark.parametrize("spelling", ["NFC", "NFD"])
@pytest.mark.parametrize("name", ["160.차량파손 이미지 데이터", "160. 차량파손 이미지"])
def test_korean_names_may_be_composed_or_not_with_a_space_or_not(
    tmp_path: Path, spelling: str, name: str
) -> None:
    draw_tree(tmp_path / "user", [STEM], spelling=spelling)
    dataset = unicodedata.normalize(spelling, DATA.split("/", maxsplit=1)[0])
    (tmp_path / "user" / dataset).rename(
        tmp_path / "user" / unicodedata.normalize(spelling, name)
    )

    files = list_dataset_files(tmp_path / "user")

    assert [entry[:2] for entry in found(files)] == [
        ("Training", "damage"),
        ("Training", "damage"),
        ("Training", "damage_part"),
        ("Training", "damage_part"),
    ]
    assert (tmp_path / "user" / files.folders[0].path).is_dir()


def test_archives_may_be_unpacked_with_or_without_a_folder_of_their_name(
    tmp_path: Path,
) -> None:
    write(tmp_path / "1.Training/1.원천/damage/a.jpg", b"")
    write(tmp_path / "1.Training/1.원천/TS_damage_part/b.jpg", b"")
    write(tmp_path / "2.Validation/1.원천/VS_damage/VS_damage/damage/c.JPG", b"")

    assert found(list_dataset_files(tmp_path)) == [
        ("Training", "damage", ("a.jpg",)),
        ("Training", "damage_part", ("b.jpg",)),
        ("Validation", "damage", ("c.JPG",)),
    ]


def test_other_files_and_the_repair_estimates_are_left_alone(root: Path) -> None:
    training = root / DATA / "1.Training"
    write(training / "1.원천데이터_230126_add/TS_99. 붙임_견적서/sc-1.json", b"{}")
    write(training / "1.원천데이터/readme.txt", b"")
    write(root / place("damage") / "Thumbs.db", b"")
    write(root / place("damage") / "._0000001_sc-000001.jpg", b"")
    write(root / "160.차량파손 이미지 데이터/02.문서/damage/x.jpg", b"")

    assert found(list_dataset_files(root)) == EXPECTED


def test_a_link_in_a_circle_ends(root: Path) -> None:
    (root / DATA / "1.Training/1.원천데이터/again").symlink_to(
        root / DATA / "1.Training"
    )

    files = list_dataset_files(root)

    assert {entry[:2] for entry in found(files)} == {entry[:2] for entry in EXPECTED}


def test_archives_count_as_unread_until_a_file_of_theirs_is_there(root: Path) -> None:
    photos, labels = "1.원천데이터", "2.라벨링데이터"
    for name in (
        f"1.Training/{photos}/TS_damage.zip",
        f"1.Training/{photos}/TS_damage_part.zip",
        f"1.Training/{labels}/TL_damage_part.zip.part0",
        f"2.Validation/{labels}/VL_damage_part.zip",
    ):
        write(root / DATA / name, b"PK")

    unread = unread_archives(list_dataset_files(root))

    assert [(entry.path.split("/")[-1], entry.holds_labels) for entry in unread] == [
        ("TS_damage_part.zip", False),
        ("TL_damage_part.zip.part0", True),
    ]


def one_line(folder: Path) -> str:
    with pytest.raises(ValueError) as caught:
        list_dataset_files(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert str(folder.parent) not in message
    assert message.startswith(
        "car_damage_aihub needs the folder that holds 1.Training and 2.Validation"
    )
    return message.partition("2.Validation")[2]


def test_a_folder_inside_the_tree_says_which_one_to_give(root: Path) -> None:
    for below in ("1.Training", "1.Training/1.원천데이터"):
        folder = root / DATA / below
        assert one_line(folder) == (
            f", got {folder.name!r}, which is 1.Training or lies in it; give the folder"
            " above 1.Training"
        )


def test_another_folder_is_named_with_what_it_holds(tmp_path: Path) -> None:
    write(tmp_path / "photos/a.jpg", b"")
    write(tmp_path / "photos/.hidden", b"")

    assert one_line(tmp_path / "photos") == (
        " (01.데이터), or one of the two folders above it, got 'photos' with a.jpg;"
        " give the unpacked folder 160.차량파손 이미지 데이터"
    )


def test_a_missing_folder_and_a_file_are_named(tmp_path: Path) -> None:
    assert one_line(tmp_path / "none") == (
        ", got nothing of that name at 'none'; check --manual-dir"
    )
    write(tmp_path / "file.zip", b"")
    assert one_line(tmp_path / "file.zip") == (
        ", got a file at 'file.zip'; check --manual-dir"
    )


def test_two_copies_of_the_dataset_are_not_mixed(root: Path) -> None:
    (root / "160. old/01.데이터/1.Training").mkdir(parents=True)

    assert one_line(root) == (
        ", got several (160. old/01.데이터/, 160.차량파손 이미지 데이터/01.데이터/);"
        " give one of them"
    )


def test_another_dataset_of_ai_hub_beside_it_is_no_matter(root: Path) -> None:
    (root / "159.다른 데이터/01.데이터/1.Training").mkdir(parents=True)

    assert found(list_dataset_files(root)) == EXPECTED


def test_a_folder_that_cannot_be_listed_is_named_below_the_users(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = os.scandir

    def scandir(path: Path) -> Any:
        if path.name == "TS_damage":
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(ValueError) as caught:
        list_dataset_files(root)
    assert str(caught.value) == (
        "cannot list '160.차량파손 이미지 데이터/01.데이터/1.Training/1.원천데이터/"
        "TS_damage/': Permission denied; check its permissions"
    )
