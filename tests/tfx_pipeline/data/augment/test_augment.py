from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from tfx_pipeline.config.augment import NO_AUGMENT, POLICIES, AugmentConfig, Fill
from tfx_pipeline.data.augment.augment import augment

SIZE = 32
FLIP_IDS = (0, 2, 1, 3, 4)


def pair(seed: int = 0) -> tuple[tf.Tensor, tf.Tensor]:
    rng = np.random.default_rng(seed)
    mask = np.kron(rng.choice([0, 1, 3, 255], (4, 4)), np.ones((8, 8)))
    image = rng.integers(0, 256, (SIZE, SIZE, 3), np.uint8)
    return tf.constant(image), tf.constant(mask.astype(np.uint8))


def share(high: float = 1.0) -> st.SearchStrategy[float]:
    return st.one_of(st.just(0.0), st.floats(0, high))


policies = st.builds(
    AugmentConfig,
    rotation_deg=share(180),
    shift=share(),
    shear=share(),
    zoom=share(0.9),
    zoom_keeps_aspect=st.booleans(),
    flip_probability=share(),
    fill=st.sampled_from(get_args(Fill)),
    brightness=share(),
    contrast=share(),
    saturation=share(),
    hue=share(0.5),
    blur_sigma_px=share(2),
    blur_probability=share(),
    jpeg_quality_min=st.integers(1, 100),
    jpeg_probability=share(),
)
seeds = st.integers(0, 2**62 - 1)


@settings(max_examples=40, deadline=None)
@given(policies, seeds)
def test_a_mask_gains_no_id_under_any_policy(policy: AugmentConfig, seed: int) -> None:
    image, mask = pair(seed % 97)
    photo, varied = augment(image, mask, seed, policy, FLIP_IDS)
    assert photo.dtype == varied.dtype == tf.uint8
    assert photo.shape == (SIZE, SIZE, 3)
    assert varied.shape == (SIZE, SIZE)
    before, after = set(np.unique(mask)), set(np.unique(varied))
    kept = before | {255}
    partners = {FLIP_IDS[entry] if entry < 255 else 255 for entry in kept}
    assert after <= kept or after <= partners
    if policy.fill != "constant" and 255 not in before:
        assert 255 not in after


def moving_only(policy: AugmentConfig, **changes: Any) -> AugmentConfig:
    """The policy without its colours, which would hide where a pixel came from."""
    colors = ("brightness", "contrast", "saturation", "hue", "blur_sigma_px")
    return replace(policy, jpeg_quality_min=100, **dict.fromkeys(colors, 0), **changes)


def sided_board(size_px: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Squares of the sides 1 (dark) and 2 (light); columns and rows as colours."""
    rows, columns = np.mgrid[:SIZE, :SIZE]
    is_light = (rows // size_px + columns // size_px) % 2 == 1
    photo = np.dstack([np.where(is_light, 254, 0), columns * 8, rows * 8])
    mask = np.where(is_light, 2, 1)
    return tf.constant(photo.astype(np.uint8)), tf.constant(mask.astype(np.uint8))


def mirror_votes(photo: np.ndarray, is_seen: np.ndarray) -> np.ndarray:
    """True or false for each seen pixel whose surroundings tell its handedness."""
    columns, rows = (photo[..., channel].astype(int) for channel in (1, 2))
    across = [np.gradient(values, axis=1) for values in (columns, rows)]
    down = [np.gradient(values, axis=0) for values in (columns, rows)]
    turn = across[0] * down[1] - across[1] * down[0]
    # A pixel whose neighbours lie outside says nothing.
    inner = is_seen & np.roll(is_seen, 1, 0) & np.roll(is_seen, -1, 0)
    inner &= np.roll(is_seen, 1, 1) & np.roll(is_seen, -1, 1)
    return turn[1:-1, 1:-1][inner[1:-1, 1:-1]] < 0


@settings(max_examples=60, deadline=None)
@given(policies, seeds, st.sampled_from([3, 8]))
def test_photo_and_mask_move_together_and_sides_swap_in_a_mirror_only(
    policy: AugmentConfig, seed: int, size_px: int
) -> None:
    policy = moving_only(policy, fill="constant")
    photo, mask = (
        part.numpy() for part in augment(*sided_board(size_px), seed, policy, FLIP_IDS)
    )
    is_seen = mask != 255
    # More than three quarters of a blend is one class, and so is the nearest pixel.
    light, dark = is_seen & (photo[..., 0] > 224), is_seen & (photo[..., 0] < 30)
    votes = mirror_votes(photo, is_seen)
    if len(votes) < 9:
        return  # hardly anything of the board is left to see
    is_mirrored = votes.mean() > 0.5
    assert set(mask[light]) <= {1 if is_mirrored else 2}
    assert set(mask[dark]) <= {2 if is_mirrored else 1}


@settings(max_examples=20, deadline=None)
@given(policies, st.lists(seeds, min_size=2, max_size=2), st.integers(0, 96))
def test_flipped_twice_is_the_pair_itself_whatever_else_a_policy_says(
    policy: AugmentConfig, two: list[int], drawn: int
) -> None:
    none = {"rotation_deg": 0, "shift": 0, "shear": 0, "zoom": 0}
    policy = moving_only(policy, flip_probability=1.0, **none)
    image, mask = pair(drawn)
    once = augment(image, mask, two[0], policy, FLIP_IDS)
    np.testing.assert_array_equal(once[0], image[:, ::-1])
    twice = augment(*once, two[1], policy, FLIP_IDS)
    for left, right in zip(twice, (image, mask), strict=True):
        np.testing.assert_array_equal(left, right)


@settings(max_examples=15, deadline=None)
@given(policies, seeds)
def test_the_same_seed_gives_the_same_bytes_and_minus_one_the_pair_itself(
    policy: AugmentConfig, seed: int
) -> None:
    image, mask = pair(1)
    first = augment(image, mask, seed, policy, FLIP_IDS)
    tf.random.set_seed(seed % 1000)
    second = augment(image, mask, seed, policy, FLIP_IDS)
    for left, right in zip(first, second, strict=True):
        np.testing.assert_array_equal(left, right)
    plain = augment(image, mask, -1, policy, FLIP_IDS)
    np.testing.assert_array_equal(plain[0], image)
    np.testing.assert_array_equal(plain[1], mask)


def test_another_seed_gives_another_picture() -> None:
    image, mask = pair()
    pictures = {
        augment(image, mask, seed, POLICIES["light"], FLIP_IDS)[0].numpy().tobytes()
        for seed in range(12)
    }
    assert len(pictures) == 12


@pytest.mark.parametrize(
    "switched_off",
    [{"rotation_deg": 0.0}, {"shear": 0.0, "zoom": 0.0}, {"brightness": 0.0}],
    ids=str,
)
def test_switching_one_operation_off_keeps_the_other_draws(
    switched_off: dict[str, Any],
) -> None:
    image, mask = pair()
    flips = AugmentConfig.from_dict(
        {**NO_AUGMENT.to_dict(), "flip_probability": 0.5, "where": "both"}
    )
    many = AugmentConfig.from_dict(
        {**flips.to_dict(), "rotation_deg": 1e-4, "shear": 1e-6, "zoom": 1e-6}
        | {"brightness": 1e-4}
        | switched_off
    )
    for seed in range(8):
        one = augment(image, mask, seed, flips, FLIP_IDS)[1]
        other = augment(image, mask, seed, many, FLIP_IDS)[1]
        np.testing.assert_array_equal(one, other)


def test_half_of_the_pictures_are_flipped_when_asked_for_half() -> None:
    image, mask = pair()
    config = AugmentConfig.from_dict(
        {**NO_AUGMENT.to_dict(), "flip_probability": 0.5, "where": "both"}
    )
    pictures = tf.data.Dataset.range(200).map(
        lambda seed: augment(image, mask, seed, config, FLIP_IDS)[0]
    )
    flipped = [not np.array_equal(picture, image) for picture in pictures]
    assert 75 <= sum(flipped) <= 125


@pytest.mark.parametrize("name", ["light", "carvana"])
def test_any_number_of_threads_draws_the_same_bytes(name: str) -> None:
    image, mask = pair()
    policy = POLICIES[name]

    def drawn(threads: int) -> list[bytes]:
        dataset = tf.data.Dataset.range(24).map(
            lambda seed: augment(image, mask, seed, policy, FLIP_IDS),
            num_parallel_calls=threads,
        )
        return [
            photo.tobytes() + ids.tobytes()
            for photo, ids in dataset.as_numpy_iterator()
        ]

    assert drawn(1) == drawn(4)
    one_by_one = tf.function(lambda seed: augment(image, mask, seed, policy, FLIP_IDS))
    eager = [one_by_one(tf.constant(seed, tf.int64)) for seed in range(24)]
    assert drawn(4) == [
        photo.numpy().tobytes() + ids.numpy().tobytes() for photo, ids in eager
    ]
