"""Cases keep to one split, the same one in every configuration."""

from __future__ import annotations

import pytest

from tests.tfds_builders.car_damage_aihub.drawn_tree import stems
from tfds_builders.car_damage_aihub.configurations import CONFIGURATIONS
from tfds_builders.car_damage_aihub.dataset_folder import (
    Archive,
    DatasetFiles,
    KindFolder,
)
from tfds_builders.car_damage_aihub.photo_listing import PhotoSource, list_photos
from tfds_builders.listing import Listing


def folder(kind: str, names: list[str], owner_split: str = "Training") -> KindFolder:
    return KindFolder(
        owner_split=owner_split,
        kind=kind,
        path=f"{owner_split}/{kind}/",
        names=tuple(f"{name}.{suffix}" for name in names for suffix in ("jpg", "json")),
    )


def files(*folders: KindFolder, archives: tuple[Archive, ...] = ()) -> DatasetFiles:
    return DatasetFiles(folders=folders, archives=archives)


def splits_of(listing: Listing[PhotoSource]) -> dict[str, str]:
    return {
        source.example_id: split
        for split, sources in listing.sources.items()
        for source in sources
        if source.split == split
    }


PACKED = Archive(
    owner_split="Training",
    kind="damage_part",
    holds_labels=False,
    path="1.Training/1.원천데이터/TS_damage_part.zip",
)
STEMS = stems(20, photos=3)
MIXED = files(
    folder("damage", STEMS[:45]),
    folder("damage_part", STEMS[30:54]),
    folder("damage_part", STEMS[54:], "Validation"),
)


def test_cases_are_whole_and_shares_near_the_quotas() -> None:
    listing = list_photos(MIXED, CONFIGURATIONS["all"])

    counts = {split: len(sources) for split, sources in listing.sources.items()}
    assert counts == {"train": 42, "eval": 9, "test": 9}
    by_case: dict[str, set[str]] = {}
    for sources in listing.sources.values():
        for source in sources:
            by_case.setdefault(source.group_id, set()).add(source.split)
    assert len(by_case) == 20
    assert all(len(found) == 1 for found in by_case.values())
    train = [source.example_id for source in listing.sources["train"]]
    assert train == sorted(train)


def test_a_configuration_picks_photos_but_never_moves_a_case() -> None:
    found = {
        name: splits_of(list_photos(MIXED, configuration))
        for name, configuration in CONFIGURATIONS.items()
    }

    assert sorted(found["all"]) == sorted(found["damage"]) == STEMS
    assert sorted(found["damage_parts"]) == STEMS[30:]
    assert found["damage_parts"].items() <= found["all"].items()
    assert found["damage"] == found["all"]


def test_a_source_says_its_photo() -> None:
    listing = list_photos(MIXED, CONFIGURATIONS["all"])
    by_id = {
        source.example_id: source
        for sources in listing.sources.values()
        for source in sources
    }

    assert str(by_id[STEMS[0]]) == f"Training/damage/{STEMS[0]}.jpg"
    assert str(by_id[STEMS[40]]) == f"Training/damage_part/{STEMS[40]}.jpg"


def test_an_archive_of_a_needed_kind_must_be_unpacked() -> None:
    with pytest.raises(ValueError) as caught:
        list_photos(
            files(folder("damage", STEMS), archives=(PACKED,)), CONFIGURATIONS["all"]
        )

    assert str(caught.value) == (
        "photos and labels must be unpacked, got"
        " 1.Training/1.원천데이터/TS_damage_part.zip; unpack each where it lies, so"
        " that there is 1.Training/1.원천데이터/TS_damage_part/damage_part/*.jpg, or"
        " take another configuration (README.md)"
    )


def test_an_archive_that_is_not_needed_is_named_and_not_counted() -> None:
    listing = list_photos(
        files(folder("damage", STEMS), archives=(PACKED,)), CONFIGURATIONS["damage"]
    )

    (entry,) = listing.skipped
    assert (entry.source, entry.is_known) == (PACKED.path, True)
    assert entry.reason == (
        "still packed, nothing of it is read; unpack it where it lies"
    )
    assert len(splits_of(listing)) == 60


def test_nothing_to_read_is_one_line() -> None:
    only_photos = KindFolder(
        owner_split="Training", kind="damage", path="p/", names=("0000001_sc-1.jpg",)
    )
    with pytest.raises(ValueError) as caught:
        list_photos(files(only_photos), CONFIGURATIONS["all"])
    assert str(caught.value) == (
        "a photo <stem>.jpg and its label <stem>.json are needed in folders damage or"
        " damage_part, got damage: 1 files; first: p/: 1 photos of this kind without a"
        " single label, none of them is read; fetch and unpack the archive of the"
        " labels; unpack TS_*.zip and TL_*.zip where they lie"
    )
    with pytest.raises(ValueError, match="in folders damage_part, got damage: 120 fi"):
        list_photos(files(folder("damage", STEMS)), CONFIGURATIONS["damage_parts"])
    with pytest.raises(ValueError, match=r"damage_part, got none; unpack TS_\*\.zip"):
        list_photos(files(), CONFIGURATIONS["damage"])
