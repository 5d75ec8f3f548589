"""Photos and labels meet by name, within a kind and an owner's split."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tfds_builders.car_damage_aihub.dataset_folder import KindFolder
from tfds_builders.car_damage_aihub.pairing import Pairing, case_of, pair_files

A, B = "0000001_sc-000001", "0000002_as-0000002"


def folder(*names: str, path: str = "p/", **fields: Any) -> KindFolder:
    given = {"owner_split": "Training", "kind": "damage"} | fields
    return KindFolder(path=path, names=names, **given)


def both(stem: str, path: str = "p/", **fields: Any) -> KindFolder:
    return folder(f"{stem}.jpg", f"{stem}.json", path=path, **fields)


def reasons(pairing: Pairing) -> dict[str, str]:
    return {entry.source: entry.reason for entry in pairing.skipped}


def test_a_photo_meets_the_label_of_its_name() -> None:
    pairing = pair_files(
        [
            folder(f"{B}.JPEG", f"{A}.jpg", path="s/"),
            folder(f"{A}.json", f"{B}.JSON", path="l/"),
        ]
    )

    assert list(pairing.pairs) == [A, B]
    (pair,) = pairing.pairs[B]
    assert (pair.kind, pair.photo, pair.label) == (
        "damage",
        f"s/{B}.JPEG",
        f"l/{B}.JSON",
    )
    assert reasons(pairing) == {}


def test_both_kinds_of_a_photo_are_one_entry_damage_part_first() -> None:
    pairing = pair_files(
        [
            both(A, "d/"),
            both(A, "p/", kind="damage_part", owner_split="Validation"),
            both(B, "d/"),
        ]
    )

    assert [pair.kind for pair in pairing.pairs[A]] == ["damage_part", "damage"]
    assert [pair.photo for pair in pairing.pairs[A]] == [f"p/{A}.jpg", f"d/{A}.jpg"]
    assert [pair.kind for pair in pairing.pairs[B]] == ["damage"]


def test_a_label_of_the_other_kind_or_split_is_no_partner() -> None:
    pairing = pair_files(
        [
            both(A),
            folder(f"{B}.jpg"),
            folder(f"{B}.json", kind="damage_part"),
            both(A, kind="damage_part"),
        ]
    )

    assert list(pairing.pairs) == [A]
    assert reasons(pairing) == {
        f"p/{B}.jpg": f"photo without its label; unpack or add {B}.json",
        f"p/{B}.json": f"label without its photo; unpack or add {B}.jpg",
    }
    assert not any(entry.is_known for entry in pairing.skipped)


def test_what_the_owner_published_twice_is_taken_once() -> None:
    pairing = pair_files(
        [both(A, "v/", owner_split="Validation"), both(A, "t/"), both(B, "t/")]
    )

    assert [pair.photo for pair in pairing.pairs[A]] == [f"t/{A}.jpg"]
    (entry,) = pairing.skipped
    assert (entry.source, entry.is_known) == (f"v/{A}.jpg", True)
    assert entry.reason == f"published twice, t/{A}.jpg is taken"


def test_an_archive_that_was_unpacked_twice_is_no_pair() -> None:
    pairing = pair_files([both(A, "x/"), both(A, "y/"), both(B, "x/")])

    assert list(pairing.pairs) == [B]
    assert reasons(pairing)[f"x/{A}.json"] == (
        f"2 photos share the name {A!r} (x/{A}.jpg, y/{A}.jpg); keep one"
    )
    assert len(pairing.skipped) == 4


@pytest.mark.parametrize(
    ("suffix", "has", "lacks"),
    [("jpg", "photos", "label"), ("json", "labels", "photo")],
)
def test_a_place_with_photos_or_labels_only_is_named_once(
    suffix: str, has: str, lacks: str
) -> None:
    pairing = pair_files(
        [
            both(A),
            folder(f"{A}.{suffix}", f"{B}.{suffix}", path="half/", kind="damage_part"),
        ]
    )

    (entry,) = pairing.skipped
    assert (entry.source, entry.is_known) == ("half/", True)
    assert entry.reason == (
        f"2 {has} of this kind without a single {lacks}, none of them is read; fetch"
        f" and unpack the archive of the {lacks}s"
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("IMG_1.jpg", "a name must be NUMBER_CASE with a case such as as-0061522 or"),
        (f"{A} (1).json", f"sc-226797, got '{A} (1)'; restore the owner's name"),
        (f"{A}.webp", "(.json), got '.webp'; remove it"),
        ("notes", "got 'no end'; remove it"),
        ("\udcc0\udcda.jpg", r"got '\\xc0\\xda'; restore"),
    ],
    ids=["camera", "copy", "webp", "no-suffix", "cp949"],
)
def test_a_foreign_name_is_left_out_with_a_reason(name: str, reason: str) -> None:
    pairing = pair_files([both(A), folder(name, path="q/")])

    (entry,) = pairing.skipped
    assert reason in entry.reason
    entry.source.encode()


def test_the_order_of_the_listing_is_no_matter() -> None:
    folders = [
        both(stem, f"{kind}{split}/", kind=kind, owner_split=split)
        for stem in (A, B)
        for kind in ("damage", "damage_part")
        for split in ("Training", "Validation")
    ] + [folder("x.jpg", "y.txt", path="q/")]
    expected = pair_files(folders)
    for seed in range(5):
        random.Random(seed).shuffle(folders)
        pairing = pair_files(folders)
        assert pairing == expected
        assert list(pairing.pairs) == list(expected.pairs)


@pytest.mark.parametrize(
    ("stem", "case"),
    [
        ("0510887_as-0061522", "as-0061522"),
        ("0511957_SC-227711", "sc-227711"),
        ("0511957_sc-227711_1", None),
        ("sc-227711", None),
        ("", None),
    ],
)
def test_the_case_is_read_from_the_stem(stem: str, case: str | None) -> None:
    assert case_of(stem) == case
