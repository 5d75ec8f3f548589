import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.tfds_builders.car_damage_small.drawn_via import (
    DEMO,
    box,
    region,
)
from tests.tfds_builders.drawn_files import write
from tfds_builders.car_damage_small.same_bytes import first_copies
from tfds_builders.car_damage_small.via_layout import OwnerFolder
from tfds_builders.car_damage_small.via_listing import ViaSource, list_photos
from tfds_builders.listing import Listing

REGION = region(box(1, 1, 9, 9))
TRAIN = {f"{n}.jpg": [[REGION]] for n in range(10)}
VAL = {"0.jpg": [[REGION]], "20.jpg": [[]]}


def owner(name: str, photos: Sequence[str]) -> OwnerFolder:
    prefix = f"raw/{name}/"
    return OwnerFolder(
        name=name,
        prefix=prefix,
        annotations={"damage": f"{prefix}via_region_data.json"},
        photos=tuple(photos),
    )


def listed(
    train: Mapping[str, Any] = TRAIN,
    val: Mapping[str, Any] = VAL,
    *,
    photos: Sequence[str] | None = None,
    copies: Mapping[str, str] | None = None,
) -> Listing[ViaSource]:
    return list_photos(
        owner("train", tuple(train) if photos is None else photos),
        owner("val", tuple(val)),
        {
            "raw/train/via_region_data.json": train,
            "raw/val/via_region_data.json": val,
        },
        lambda paths: {path: (copies or {}).get(path, path) for path in paths},
    )


def ids(listing: Listing[ViaSource]) -> dict[str, list[str]]:
    return {
        split: [source.example_id for source in found]
        for split, found in listing.sources.items()
    }


def test_val_is_test_and_eval_is_drawn_from_train() -> None:
    listing = listed()
    found = ids(listing)
    assert found["test"] == ["val/0", "val/20"]
    assert sorted(found["train"] + found["eval"]) == [f"train/{n}" for n in range(10)]
    # 15 % of ten photos.
    assert len(found["eval"]) in (1, 2)
    assert all(s.split == split for split, f in listing.sources.items() for s in f)
    assert listing.skipped == []
    assert listing.sources["test"][1].regions == {"damage": ()}
    assert (
        ids(listed(dict(reversed(TRAIN.items())), photos=sorted(TRAIN)[::-1])) == found
    )


def test_a_val_photo_that_is_in_train_is_left_out_by_name() -> None:
    listing = listed(copies={"raw/val/0.jpg": "raw/train/3.jpg"})
    assert ids(listing)["test"] == ["val/20"]
    (entry,) = listing.skipped
    assert (entry.source, entry.split, entry.is_known) == (
        "raw/val/0.jpg",
        "test",
        True,
    )
    assert entry.reason == "the same bytes as train/3, which stays in training"


def test_copies_in_train_are_one_group() -> None:
    listing = listed(copies={f"raw/train/{n}.jpg": "raw/train/0.jpg" for n in range(9)})
    groups = {
        source.example_id: (source.group_id, split)
        for split, found in listing.sources.items()
        for source in found
    }
    assert len({groups[f"train/{n}"] for n in range(9)}) == 1
    assert groups["train/9"][1] != groups["train/0"][1]


def test_demo_entries_are_known_and_other_missing_photos_count() -> None:
    entries = TRAIN | {name: [[]] for name, _ in DEMO} | {"gone.jpg": [[REGION]]}
    skipped = {
        entry.source: entry for entry in listed(entries, photos=tuple(TRAIN)).skipped
    }
    assert len(skipped) == 4
    for name, _ in DEMO:
        assert skipped[f"raw/train/{name}"].is_known
        assert "a demo picture of VIA" in skipped[f"raw/train/{name}"].reason
    gone = skipped["raw/train/gone.jpg"]
    assert (gone.is_known, gone.split) == (False, None)
    assert gone.reason == (
        "the annotation file names it, but there is no such photo; add it"
    )


@pytest.mark.parametrize(
    ("entries", "got"),
    [({}, "got 0"), ({"new.jpg": [[REGION], [REGION]]}, "got 2")],
    ids=["no-entry", "two-entries"],
)
def test_a_photo_needs_just_one_entry(entries: dict[str, Any], got: str) -> None:
    listing = listed(TRAIN | entries, photos=[*TRAIN, "new.jpg"])
    (entry,) = listing.skipped
    assert (entry.source, entry.is_known) == ("raw/train/new.jpg", False)
    assert entry.reason.startswith(
        f"a photo must have one entry in the file of damage, {got}; annotate it"
    )


def test_names_that_differ_only_in_the_suffix_are_two_photos() -> None:
    listing = listed(val={"8.jpeg": [[REGION]], "8.jpg": [[REGION]], "9.jpg": [[]]})
    assert ids(listing)["test"] == ["val/8.jpeg", "val/8.jpg", "val/9"]


def test_decomposed_file_names_meet_composed_entries() -> None:
    stored = unicodedata.normalize("NFD", "문é.jpg")
    listing = listed(TRAIN | {"문é.jpg": [[REGION]]}, photos=[*TRAIN, stored])
    found = [s for f in listing.sources.values() for s in f if "문é" in s.example_id]
    assert [source.photo for source in found] == [f"raw/train/{stored}"]
    assert listing.skipped == []


def test_equal_bytes_are_found_and_equal_sizes_are_not_enough(tmp_path: Path) -> None:
    files = {"a": b"12", "b": b"13", "c": b"12", "d": b"123", "e": b"", "f": b""}
    for name, data in files.items():
        write(tmp_path / name, data)
    paths = [*files, "missing", "missing too"]
    assert first_copies(tmp_path, paths) == {p: p for p in paths} | {"c": "a"}
    assert first_copies(tmp_path, ["c", "a"]) == {"c": "c", "a": "c"}
