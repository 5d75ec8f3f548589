"""Work on the window of an object gives what work on the whole picture gives."""

from __future__ import annotations

import numpy as np
import pytest

from tfds_builders.mask_patch import MaskPatch, join_patches, patch_of
from tfds_builders.run_lengths import decode_rle, encode_rle
from tfds_builders.upright import apply_orientation

HEIGHT, WIDTH = 9, 13


def random_patch(rng: np.random.Generator) -> MaskPatch:
    top, left = int(rng.integers(0, HEIGHT)), int(rng.integers(0, WIDTH))
    height = int(rng.integers(0, HEIGHT - top + 1))
    width = int(rng.integers(0, WIDTH - left + 1))
    return MaskPatch(
        pixels=rng.random((height, width)) < rng.choice([0.1, 0.5, 1.0]),
        top=top,
        left=left,
        height_px=HEIGHT,
        width_px=WIDTH,
    )


@pytest.mark.parametrize("seed", range(40))
def test_a_patch_stands_for_its_whole_mask(seed: int) -> None:
    rng = np.random.default_rng(seed)
    patch, other = random_patch(rng), random_patch(rng)
    mask = patch.whole()

    assert mask.shape == (HEIGHT, WIDTH)
    assert (mask[patch.window] == patch.pixels).all()
    assert mask.sum() == patch.pixels.sum()
    trimmed = patch.trimmed()
    assert (trimmed.whole() == mask).all()
    for axis in (0, 1):
        border = trimmed.pixels.any(axis=axis)
        assert border[:1].all() and border[-1:].all(), "rows or columns to spare"
    joined = join_patches([patch, other], height_px=HEIGHT, width_px=WIDTH)
    assert (joined.whole() == mask | other.whole()).all()
    for orientation in range(1, 9):
        turned = patch.upright(orientation).whole()
        assert (turned == apply_orientation(mask, orientation)).all()


@pytest.mark.parametrize("seed", range(40))
def test_run_lengths_do_not_depend_on_the_window(seed: int) -> None:
    patch = random_patch(np.random.default_rng(seed))

    rle = encode_rle(patch)

    assert rle == encode_rle(patch.trimmed()) == encode_rle(patch_of(patch.whole()))
    assert rle["size"] == [HEIGHT, WIDTH]
    assert all(run > 0 for run in rle["counts"][1:]), "runs that are one"
    decoded = decode_rle(rle["counts"], height_px=HEIGHT, width_px=WIDTH)
    assert (decoded == patch.whole()).all()


def test_nothing_joined_is_empty() -> None:
    assert not join_patches([], height_px=3, width_px=4).whole().any()
