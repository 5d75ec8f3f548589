"""Groups are counted once each, in any order, in bounded memory."""

from __future__ import annotations

import random

import numpy as np
import pytest

from components.segmentation_metrics.group_counts import KEPT, GroupCounts

WHOLE = np.array([True, True])
FIRST = np.array([True, False])


def counted(ids: list[int], places: int = 2) -> GroupCounts:
    counts = GroupCounts(places)
    for number in ids:
        counts.add(f"car {number}".encode(), WHOLE if number % 2 else FIRST)
    return counts


def test_a_group_counts_once_and_only_where_it_is() -> None:
    ids = [number % 30 for number in range(200)]
    random.Random(1).shuffle(ids)

    assert counted(ids).counts() == [30.0, 15.0]


def test_parts_in_any_order_give_the_whole() -> None:
    parts = [counted(list(range(start, start + 40))) for start in (0, 20, 60)]

    for order in ([0, 1, 2], [2, 0, 1]):
        merged = GroupCounts.merge([parts[index] for index in order], 2)
        assert merged.counts() == [100.0, 50.0]
    assert GroupCounts.merge([], 2).counts() == [0.0, 0.0]


def test_many_groups_are_estimated_from_a_bounded_number_of_hashes() -> None:
    counts = counted(list(range(20_000)))

    assert max(hashes.size for hashes in counts.kept) == KEPT
    assert counts.counts()[0] == pytest.approx(20_000, rel=0.15)
    assert counts.counts()[1] == pytest.approx(10_000, rel=0.15)
