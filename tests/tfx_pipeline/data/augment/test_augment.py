from __future__ import annotations

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
    flipped = sum(
        not np.array_equal(augment(image, mask, seed, config, FLIP_IDS)[0], image)
        for seed in range(200)
    )
    assert 75 <= flipped <= 125


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
    one_by_one = tf.function(
        lambda seed: augment(image, mask, seed, policy, FLIP_IDS)
    )
    eager = [one_by_one(tf.constant(seed, tf.int64)) for seed in range(24)]
    assert drawn(4) == [
        photo.numpy().tobytes() + ids.numpy().tobytes() for photo, ids in eager
    ]
