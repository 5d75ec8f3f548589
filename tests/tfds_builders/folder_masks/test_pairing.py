import random
import unicodedata

import pytest

from tfds_builders.folder_masks.pairing import Pair, pair_files
from tfds_builders.source_files import printable_path


def pairs(photos: list[str], masks: list[str]) -> list[tuple[str, str, str]]:
    return [(p.key, p.photo, p.mask) for p in pair_files(photos, masks).pairs]


def test_pairs_by_path_without_suffix_in_any_case() -> None:
    assert pairs(
        ["b c.JPG", "a/1.jpeg", "b/1.Png", "앞.webp"],
        ["앞.PNG", "b/1_mask.png", "a/1.gif", "b c.png"],
    ) == [
        ("a/1", "a/1.jpeg", "a/1.gif"),
        ("b c", "b c.JPG", "b c.png"),
        ("b/1", "b/1.Png", "b/1_mask.png"),
        ("앞", "앞.webp", "앞.PNG"),
    ]


def test_a_name_with_dots_keeps_them() -> None:
    assert pairs(["v1.2.jpg"], ["v1.2.png"]) == [("v1.2", "v1.2.jpg", "v1.2.png")]


def test_decomposed_korean_pairs_with_composed_and_keeps_the_real_names() -> None:
    decomposed = unicodedata.normalize("NFD", "자동차")
    assert decomposed != "자동차"
    found = pair_files([f"{decomposed}.jpg"], ["자동차.png"])
    assert found.pairs == (
        Pair(key="자동차", photo=f"{decomposed}.jpg", mask="자동차.png"),
    )


def test_the_order_of_the_listing_changes_nothing() -> None:
    photos = [f"{folder}/{n}.jpg" for folder in "ab" for n in range(9)] + ["x.png"]
    masks = [f"{folder}/{n}.png" for folder in "ab" for n in range(9)] + ["y.png"]
    expected = pair_files(photos, masks)
    for seed in range(5):
        random.Random(seed).shuffle(photos)
        random.Random(seed + 9).shuffle(masks)
        assert pair_files(photos, masks) == expected


def test_what_finds_no_partner_is_named_with_a_reason() -> None:
    found = pair_files(["a.jpg", "b.jpg"], ["b.png", "c.png"])
    assert [pair.key for pair in found.pairs] == ["b"]
    assert found.unpaired_photos == {
        "a.jpg": "photo without a mask; add a.png or a_mask.png"
    }
    assert found.unpaired_masks == {
        "c.png": "mask without a photo; add a photo called 'c', or remove the mask"
    }


def test_two_photos_of_one_name_are_both_left_out() -> None:
    found = pair_files(["a.jpg", "a.png", "b.jpg"], ["a.png", "b.png"])
    reason = "2 photos share the name 'a' (a.jpg, a.png); rename all but one"
    assert found.unpaired_photos == {"a.jpg": reason, "a.png": reason}
    assert found.unpaired_masks == {}
    assert [pair.key for pair in found.pairs] == ["b"]


def test_two_masks_for_one_photo_leave_it_out() -> None:
    found = pair_files(["a.jpg"], ["a.png", "a_mask.png"])
    assert found.pairs == ()
    assert found.unpaired_photos == {
        "a.jpg": "2 masks for one photo (a.png, a_mask.png); keep one"
    }


def test_a_photo_called_mask_keeps_its_own_mask() -> None:
    assert pairs(["a.jpg", "a_mask.jpg"], ["a.png", "a_mask.png"]) == [
        ("a", "a.jpg", "a.png"),
        ("a_mask", "a_mask.jpg", "a_mask.png"),
    ]


def test_system_files_hidden_files_and_texts_are_ignored() -> None:
    found = pair_files(
        ["a.jpg", ".DS_Store", "Thumbs.db", "._a.jpg", ".thumbs/a.jpg", "a.json"],
        ["a.png", "notes.TXT", "sub/.DS_Store"],
    )
    assert [pair.key for pair in found.pairs] == ["a"]
    assert (found.unpaired_photos, found.unpaired_masks) == ({}, {})


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.heic", "got '.heic'; convert or remove it"),
        ("a", "got 'no end'; convert or remove it"),
        ("\udcc0\udcda.jpg", "a photo's name must be UTF-8 without control characters"),
        ("a\n.jpg", "a photo's name must be UTF-8 without control characters"),
    ],
    ids=["heic", "no-suffix", "cp949", "line-break"],
)
def test_a_file_that_cannot_be_a_photo_says_why(name: str, reason: str) -> None:
    assert reason in pair_files([name], []).unpaired_photos[name]


def test_a_lossy_mask_is_paired_so_that_the_decoder_can_refuse_it() -> None:
    assert pairs(["a.jpg"], ["a.jpg"]) == [("a", "a.jpg", "a.jpg")]


def test_a_name_that_is_no_utf8_can_be_printed() -> None:
    assert printable_path("x/\udcc0\udcda.jpg") == r"x/\xc0\xda.jpg"
    assert printable_path(unicodedata.normalize("NFD", "차")) == "차"
