import random
from collections.abc import Sequence

import pytest

from tfds_builders.carvana.carvana_files import CarvanaFiles
from tfds_builders.carvana.mask_table import TableRow, TableRows
from tfds_builders.carvana.photo_listing import (
    PhotoSource,
    list_photos,
    photos_without_gif,
)
from tfds_builders.listing import Listing

CARS = [f"{number:012x}" for number in range(20)]
KEYS = [f"{car}_{view:02d}" for car in CARS for view in range(1, 17)]


def files(
    photos: Sequence[str], masks: Sequence[str], car_table: str | None = "metadata.csv"
) -> CarvanaFiles:
    return CarvanaFiles(
        photos_folder="train",
        photos=tuple(photos),
        masks_folder="train_masks",
        masks=tuple(masks),
        mask_table="train_masks.csv",
        car_table=car_table,
    )


def jpgs(keys: Sequence[str]) -> list[str]:
    return [f"{key}.jpg" for key in keys]


def gifs(keys: Sequence[str]) -> list[str]:
    return [f"{key}_mask.gif" for key in keys]


def rows(keys: Sequence[str]) -> dict[str, TableRow]:
    return {
        f"{key}.jpg": TableRow(table="train_masks.csv", offset=index, size=9)
        for index, key in enumerate(keys)
    }


def reasons(listing: Listing[PhotoSource]) -> dict[str, str]:
    assert all(entry.split is None for entry in listing.skipped)
    return {entry.source: entry.reason for entry in listing.skipped}


def test_a_car_is_in_one_split_and_the_quotas_hold() -> None:
    listing = list_photos(files(jpgs(KEYS), gifs(KEYS)), TableRows(), {})
    counts = {split: len(found) for split, found in listing.sources.items()}
    assert counts == {"train": 14 * 16, "eval": 3 * 16, "test": 3 * 16}
    cars = {
        split: {source.group_id for source in found}
        for split, found in listing.sources.items()
    }
    assert sum(map(len, cars.values())) == len(set.union(*cars.values())) == 20
    for split, found in listing.sources.items():
        ids = [source.example_id for source in found]
        assert ids == sorted(ids)
        assert all(source.split == split for source in found)
    assert listing.skipped == []


def test_a_source_says_car_view_and_facts() -> None:
    known = {CARS[0]: {"make": "Kia", "model": "Soul", "year": "2014"}}
    listing = list_photos(files(jpgs(KEYS), gifs(KEYS)), TableRows(), known)
    found = {
        source.example_id: source
        for sources in listing.sources.values()
        for source in sources
    }
    first, other = found[f"{CARS[0]}_16"], found[f"{CARS[1]}_01"]
    assert (first.group_id, first.view) == (CARS[0], "16")
    assert first.facts == {"make": "Kia", "model": "Soul", "year": "2014"}
    assert other.facts == {"make": "", "model": "", "year": ""}
    assert str(first) == f"train/{CARS[0]}_16.jpg"
    assert first.mask == f"train_masks/{CARS[0]}_16_mask.gif"


def test_the_order_of_names_changes_nothing() -> None:
    photos, masks = [*jpgs(KEYS), "x.jpg"], [*gifs(KEYS[1:]), "y.gif"]
    expected = list_photos(files(photos, masks), TableRows(), {})
    for seed in range(3):
        random.Random(seed).shuffle(photos)
        random.Random(seed + 5).shuffle(masks)
        assert list_photos(files(photos, masks), TableRows(), {}) == expected


def test_a_gif_wins_over_a_row() -> None:
    found = files(jpgs(KEYS), gifs(KEYS[1:]))
    assert photos_without_gif(found) == {f"{KEYS[0]}.jpg"}
    listing = list_photos(found, TableRows(rows=rows(KEYS)), {})
    masks = {
        source.example_id: source.mask
        for sources in listing.sources.values()
        for source in sources
    }
    assert masks[KEYS[0]] == TableRow(table="train_masks.csv", offset=0, size=9)
    assert masks[KEYS[1]] == f"train_masks/{KEYS[1]}_mask.gif"
    assert listing.skipped == []


def test_what_has_no_partner_is_named_with_a_reason() -> None:
    found = files(jpgs(KEYS[2:]), gifs(KEYS[1:-1]))
    listing = list_photos(found, TableRows(repeated=frozenset({f"{KEYS[-1]}.jpg"})), {})
    assert reasons(listing) == {
        f"train/{KEYS[-1]}.jpg": "train_masks.csv has more than one row for it; keep"
        " one",
        f"train_masks/{KEYS[1]}_mask.gif": "mask without a photo; add"
        f" train/{KEYS[1]}.jpg, or remove the mask",
    }
    listing = list_photos(found, TableRows(), {})
    assert reasons(listing)[f"train/{KEYS[-1]}.jpg"] == (
        f"photo without a mask; add train_masks/{KEYS[-1]}_mask.gif, or its row in"
        " train_masks.csv"
    )
    assert not any(entry.is_known for entry in listing.skipped)


@pytest.mark.parametrize(
    "name",
    [
        "00000000000g_01.jpg",
        "00000000000_01.jpg",
        "000000000000_00.jpg",
        "000000000000_17.jpg",
        "000000000000_1.jpg",
        "000000000000_01.png",
        "000000000000_01.jpg.part",
        "\udcc0\udcda.jpg",
    ],
)
def test_a_photo_of_another_name_is_skipped_by_name(name: str) -> None:
    listing = list_photos(files([*jpgs(KEYS), name], gifs(KEYS)), TableRows(), {})
    ((source, reason),) = reasons(listing).items()
    assert source == f"train/{name}".replace("\udcc0\udcda", r"\xc0\xda")
    assert reason == (
        "a photo must be called <car>_<01..16>.jpg with 12 hexadecimal digits for the"
        " car; rename or remove it"
    )


def test_system_and_hidden_files_are_no_photos_and_no_masks() -> None:
    extra = [".DS_Store", f"._{KEYS[0]}.jpg", "Thumbs.db", "desktop.ini"]
    listing = list_photos(
        files([*jpgs(KEYS), *extra], [*gifs(KEYS), *extra]), TableRows(), {}
    )
    assert listing.skipped == []


def test_a_mask_of_another_name_is_skipped_by_name() -> None:
    masks = [*gifs(KEYS), f"{KEYS[0]}.gif"]
    found = reasons(list_photos(files(jpgs(KEYS), masks), TableRows(), {}))
    assert found == {
        f"train_masks/{KEYS[0]}.gif": "a mask must be called <car>_<01..16>_mask.gif"
        " with 12 hexadecimal digits for the car; rename or remove it"
    }


def test_what_costs_no_photo_is_noted_and_not_counted() -> None:
    found = files(jpgs(KEYS), gifs(KEYS[1:]), car_table=None)
    listing = list_photos(found, TableRows(rows=rows(KEYS[:1]), unused=4000), {})
    assert reasons(listing) == {
        "train_masks.csv": "4000 of its rows name no photo in train; they are not used",
        "metadata.csv": "it is not there, so make, model and year stay empty",
    }
    assert all(entry.is_known for entry in listing.skipped)


@pytest.mark.parametrize(
    ("photos", "found"),
    [
        (["IMG_1.jpg", "IMG_2.jpg"], "'IMG_1.jpg' (files: 2)"),
        ([], "no file (files: 0)"),
    ],
    ids=["other-names", "empty"],
)
def test_a_folder_of_other_photos_is_one_line(photos: list[str], found: str) -> None:
    with pytest.raises(ValueError) as caught:
        list_photos(files(photos, []), TableRows(), {})
    assert str(caught.value) == (
        "carvana: photos in train must be called <car>_<01..16>.jpg with 12 hexadecimal"
        f" digits for the car, got {found}; give the folder into which Kaggle's files"
        " were unpacked, or read your own photos with folder_masks"
    )


def test_photos_of_two_cars_are_too_few() -> None:
    with pytest.raises(ValueError) as caught:
        list_photos(files(jpgs(KEYS[:32]), gifs(KEYS[:32])), TableRows(), {})
    assert str(caught.value) == (
        "carvana: photos with masks of at least 3 cars are needed, one for each of"
        " train, eval, test, got 2; add photos, or masks in train_masks or"
        " train_masks.csv"
    )
