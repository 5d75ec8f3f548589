"""Groups stay whole, quotas hold, no split is empty, order does not matter."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfds_builders.group_split import DEFAULT_QUOTAS, SPLITS, split_groups


@given(st.dictionaries(st.text(min_size=1), st.integers(1, 40), min_size=3), st.text())
def test_every_group_has_one_split_and_every_split_a_group(
    sizes: dict[str, int], salt: str
) -> None:
    splits = split_groups(sizes, salt=salt)

    assert set(splits) == set(sizes)
    assert set(splits.values()) == set(SPLITS)


def test_a_thousand_equal_groups_meet_the_quotas_to_one_in_a_thousand() -> None:
    splits = list(split_groups({f"car{i}": 1 for i in range(1000)}).values())

    shares = {split: splits.count(split) / 1000 for split in SPLITS}

    assert shares == pytest.approx(DEFAULT_QUOTAS, abs=0.001)


def test_quotas_count_examples_and_not_groups() -> None:
    sizes = {f"big{i}": 90 for i in range(50)} | {f"small{i}": 10 for i in range(50)}

    splits = split_groups(sizes)

    total = sum(sizes.values())
    train = sum(size for group, size in sizes.items() if splits[group] == "train")
    assert train / total == pytest.approx(0.7, abs=0.02)


def test_the_order_of_the_groups_does_not_matter() -> None:
    names = [f"car{i}" for i in range(40)]
    shuffled = random.Random(1).sample(names, len(names))

    assert split_groups(dict.fromkeys(names, 2)) == split_groups(
        dict.fromkeys(shuffled, 2)
    )


def test_another_salt_draws_another_split() -> None:
    sizes = {f"car{i}": 1 for i in range(40)}

    assert split_groups(sizes, salt="a") != split_groups(sizes, salt="b")


def test_two_groups_cannot_fill_three_splits() -> None:
    with pytest.raises(ValueError, match="need at least 3 groups, got 2"):
        split_groups({"a": 5, "b": 5})


@pytest.mark.parametrize(
    ("quotas", "sentence"),
    [
        ({"train": 1.0}, "must name train, eval, test, got train"),
        ({"train": 0.8, "eval": 0.1, "test": 0.2}, "add up to 1"),
        ({"train": 1.0, "eval": 0.0, "test": 0.0}, "above 0"),
    ],
)
def test_impossible_quotas_are_refused(quotas: dict[str, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        split_groups({"a": 1, "b": 1, "c": 1}, quotas)
