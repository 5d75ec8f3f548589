"""Where masks differ, against loops over the pixels."""

from __future__ import annotations

import numpy as np
import pytest

from components.run_comparison.disputed_photo import (
    AGREED,
    FIRST_RIGHT,
    NONE_RIGHT,
    OTHER_RIGHT,
    dispute_map,
    measure_dispute,
)

VOID = 255


def draw(models: int, seed: int) -> tuple[np.ndarray, list[np.ndarray]]:
    rng = np.random.default_rng(seed)
    truth = rng.choice([0, 1, 2, VOID], (9, 7)).astype(np.uint8)
    masks = [
        rng.choice([0, 1, 2, VOID], (9, 7)).astype(np.uint8) for _ in range(models)
    ]
    return truth, masks


def who_is_right(true_id: int, ids: list[int]) -> int:
    if true_id == VOID or len(set(ids)) == 1:
        return AGREED
    if ids[0] == true_id:
        return FIRST_RIGHT
    return OTHER_RIGHT if true_id in ids[1:] else NONE_RIGHT


@pytest.mark.parametrize("models", [2, 3, 5])
def test_each_pixel_tells_who_is_right(models: int) -> None:
    truth, masks = draw(models, seed=models)

    found = dispute_map(truth, masks, VOID)

    for place in np.ndindex(truth.shape):
        ids = [int(mask[place]) for mask in masks]
        assert found[place] == who_is_right(int(truth[place]), ids)
    assert set(found.flat) == {AGREED, FIRST_RIGHT, OTHER_RIGHT, NONE_RIGHT}


def test_shares_are_of_known_and_of_disputed_pixels() -> None:
    truth, masks = draw(3, seed=11)
    known = disputed = 0
    right = [0, 0, 0]
    for place in np.ndindex(truth.shape):
        ids = [int(mask[place]) for mask in masks]
        known += truth[place] != VOID
        if who_is_right(int(truth[place]), ids) != AGREED:
            disputed += 1
            right = [
                count + (one == truth[place])
                for count, one in zip(right, ids, strict=True)
            ]

    found = measure_dispute(truth, masks, VOID)

    assert found.share == disputed / known
    assert found.right == tuple(count / disputed for count in right)


def test_equal_masks_dispute_nothing() -> None:
    truth, (mask, _) = draw(2, seed=1)

    found = measure_dispute(truth, [mask, mask.copy()], VOID)

    assert (found.share, found.right) == (0.0, (0.0, 0.0))


def test_a_photo_that_is_void_disputes_nothing() -> None:
    _, masks = draw(2, seed=1)

    assert measure_dispute(np.full((9, 7), VOID, np.uint8), masks, VOID).share == 0.0


def test_a_mask_of_another_size_is_refused() -> None:
    truth, (mask, _) = draw(2, seed=1)

    with pytest.raises(
        ValueError, match=r"as large as the true one, \(9, 7\), got \(8"
    ):
        dispute_map(truth, [mask, mask[:8]], VOID)
