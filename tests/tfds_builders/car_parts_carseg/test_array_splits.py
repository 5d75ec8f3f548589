"""Splits: the owner's test photos, the rest by quota, and never an empty one."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tfds_builders.car_parts_carseg.array_splits import assign_splits, divide

Arrays = list[tuple[str, str, int]]


def arrays(kind: str, numbers: range) -> Arrays:
    return [(f"{kind}_{number:04d}", kind, number) for number in numbers]


PHOTOS = arrays("photo", range(1, 170))
RENDERS = arrays("black_5_doors", range(1, 835))


def test_the_published_photos_have_the_owners_test_and_seventy_to_fifteen() -> None:
    splits = assign_splits(PHOTOS)

    test = sorted(name for name, split in splits.items() if split == "test")
    assert test == [f"photo_{number:04d}" for number in range(1, 31)]
    # 139 * 15 / 85 = 24.5
    assert Counter(splits.values()) == {"test": 30, "eval": 25, "train": 114}


def test_renders_join_train_and_eval_and_leave_the_photos_where_they_are() -> None:
    photos, both = assign_splits(PHOTOS), assign_splits(PHOTOS + RENDERS)

    assert {name: both[name] for name in photos} == photos
    renders = Counter(both[name] for name, *_ in RENDERS)
    assert renders == {"train": 687, "eval": 147}


def test_renders_alone_are_drawn_into_three_splits() -> None:
    counts = Counter(assign_splits(RENDERS).values())

    assert sum(counts.values()) == 834
    for split, share in (("train", 0.7), ("eval", 0.15), ("test", 0.15)):
        assert abs(counts[split] - share * 834) <= 1


def test_photos_without_the_owners_test_set_are_drawn_into_three_splits() -> None:
    splits = assign_splits(arrays("photo", range(31, 51)))

    assert Counter(splits.values()) == {"train": 14, "eval": 3, "test": 3}


def test_a_part_of_the_owners_test_set_is_the_whole_test() -> None:
    splits = assign_splits(arrays("photo", range(29, 41)))

    test = {name for name, split in splits.items() if split == "test"}
    assert test == {"photo_0029", "photo_0030"}


def test_the_order_of_the_listing_is_no_matter() -> None:
    shuffled = PHOTOS + RENDERS[:50]
    expected = assign_splits(shuffled)
    random.Random(5).shuffle(shuffled)

    assert assign_splits(shuffled) == expected


@pytest.mark.parametrize("numbers", [range(1, 31), range(1, 32)], ids=["none", "one"])
def test_too_few_arrays_beside_the_test_photos_are_refused(numbers: range) -> None:
    sentence = f"besides the 30 test photos .* got {len(numbers) - 30}; add some"

    with pytest.raises(ValueError, match=sentence):
        assign_splits(arrays("photo", numbers))


def test_two_arrays_are_one_for_train_and_one_for_eval() -> None:
    assert sorted(divide(["a", "b"]).values()) == ["eval", "train"]
