from __future__ import annotations

import math
from typing import Any, get_args

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from tfx_pipeline.config.augment import CARVANA, NO_AUGMENT, AugmentConfig, Fill
from tfx_pipeline.data.augment.affine import Affine
from tfx_pipeline.data.augment.geometric import (
    draw_affine,
    move_pair,
    moves,
    swap_sides,
)

HEIGHT, WIDTH = 32, 48
FLIP_IDS = (0, 2, 1, 3)
# The classes' grey values in the checkerboard photo; 127 stands where nothing is.
DARK, LIGHT = 0, 254


def move(
    image: np.ndarray, mask: np.ndarray, affine: Affine, fill: Fill = "constant"
) -> tuple[np.ndarray, np.ndarray]:
    config = AugmentConfig(fill=fill)
    moved = move_pair(tf.constant(image), tf.constant(mask), affine, config, FLIP_IDS)
    return moved[0].numpy(), moved[1].numpy()


def noise(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    return image, rng.integers(0, 4, (HEIGHT, WIDTH), np.uint8)


def checkerboard(size_px: int) -> tuple[np.ndarray, np.ndarray]:
    """Squares of class 0 (dark) and class 3 (light), which has no partner."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] // size_px
    is_light = (rows + columns) % 2 == 1
    photo = np.where(is_light, LIGHT, DARK).astype(np.uint8)
    return np.dstack([photo] * 3), np.where(is_light, 3, 0).astype(np.uint8)


affines = st.builds(
    Affine,
    rotation_rad=st.floats(-3.25, 3.25, width=32),
    shift_x_px=st.floats(-WIDTH, WIDTH, width=32),
    shift_y_px=st.floats(-HEIGHT, HEIGHT, width=32),
    shear=st.floats(-1, 1, width=32),
    zoom_x=st.floats(0.25, 2, width=32),
    zoom_y=st.floats(0.25, 2, width=32),
    mirror=st.sampled_from([-1.0, 1.0]),
)


@settings(max_examples=150, deadline=None)
@given(affines, st.sampled_from(get_args(Fill)), st.sampled_from([3, 8]))
def test_photo_and_mask_move_together_to_the_pixel(
    affine: Affine, fill: Fill, size_px: int
) -> None:
    photo, mask = move(*checkerboard(size_px), affine, fill)
    # More than three quarters of a blend is one class: the nearest pixel, whose share
    # is never below a quarter, must be of that class.
    light, dark = photo[..., 0] > LIGHT - 30, photo[..., 0] < DARK + 30
    assert (mask[light] == 3).all()
    assert (mask[dark] == 0).all()
    assert set(np.unique(mask)) <= ({0, 3, 255} if fill == "constant" else {0, 3})


def test_the_checkerboard_would_notice_a_mask_that_is_one_pixel_off() -> None:
    photo, mask = move(*checkerboard(8), Affine(rotation_rad=0.3, shift_x_px=1.0))
    photo = np.roll(photo, 1, axis=1)
    assert (mask[photo[..., 0] > LIGHT - 30] != 3).any()


def test_flipped_twice_is_the_pair_itself() -> None:
    image, mask = noise()
    mask[0, 0] = 255
    once = move(image, mask, Affine(mirror=-1.0))
    np.testing.assert_array_equal(once[0], image[:, ::-1])
    twice = move(*once, Affine(mirror=-1.0))
    np.testing.assert_array_equal(twice[0], image)
    np.testing.assert_array_equal(twice[1], mask)


def test_a_flip_makes_left_right_and_leaves_void() -> None:
    mask = np.tile(np.array([0, 1, 2, 3, 255], np.uint8), (4, 1))
    _, flipped = move(np.zeros((4, 5, 3), np.uint8), mask, Affine(mirror=-1.0))
    np.testing.assert_array_equal(flipped[0], [255, 3, 1, 2, 0])
    every_id = np.arange(256, dtype=np.uint8)
    swapped = swap_sides(tf.constant(every_id), FLIP_IDS).numpy()
    np.testing.assert_array_equal(swapped, [0, 2, 1, *range(3, 256)])


def test_no_movement_changes_no_bit() -> None:
    image, mask = noise(1)
    moved = move(image, mask, Affine())
    np.testing.assert_array_equal(moved[0], image)
    np.testing.assert_array_equal(moved[1], mask)


def test_a_shift_goes_right_and_down_and_fills() -> None:
    image, mask = noise(2)
    for fill, expected in {"constant": 255, "nearest": mask[0, 0]}.items():
        photo, moved = move(image, mask, Affine(shift_x_px=3, shift_y_px=2), fill)
        np.testing.assert_array_equal(moved[2:, 3:], mask[:-2, :-3])
        np.testing.assert_array_equal(photo[2:, 3:], image[:-2, :-3])
        assert moved[0, 0] == expected
    photo, _ = move(image, mask, Affine(shift_x_px=3))
    assert (photo[:, :3] == 127).all()


def test_a_quarter_turn_is_numpys_clockwise_one() -> None:
    image, mask = noise(3)
    image, mask = image[:, :HEIGHT], mask[:, :HEIGHT]
    photo, turned = move(image, mask, Affine(rotation_rad=math.pi / 2))
    np.testing.assert_array_equal(turned, np.rot90(mask, -1))
    np.testing.assert_array_equal(photo, np.rot90(image, -1))


def test_zoom_two_doubles_the_middle() -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[12:20, 18:30] = 1
    _, zoomed = move(noise()[0], mask, Affine(zoom_x=2.0, zoom_y=2.0))
    rows, columns = np.nonzero(zoomed)
    assert abs(np.ptp(rows) + 1 - 16) <= 1
    assert abs(np.ptp(columns) + 1 - 24) <= 1


def test_shear_moves_rows_by_its_tangent() -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[:, 24] = 1
    _, leaning = move(noise()[0], mask, Affine(shear=0.5))
    columns = np.argmax(leaning == 1, axis=1)
    assert abs((columns[-1] - columns[0]) - 0.5 * (HEIGHT - 1)) <= 1


def test_draws_reach_the_policys_bounds_and_not_further() -> None:
    low = draw_affine(tf.zeros([7]), CARVANA, 100, 200)
    high = draw_affine(tf.constant([1 - 1e-7] * 7), CARVANA, 100, 200)
    values = [float(value) for value in low]
    np.testing.assert_allclose(
        values, [-math.pi / 2, -40, -20, -0.2, 0.8, 0.8, -1], rtol=1e-5
    )
    values = [float(value) for value in high]
    np.testing.assert_allclose(
        values, [math.pi / 2, 40, 20, 0.2, 1.2, 1.2, 1], rtol=1e-5
    )


@pytest.mark.parametrize(("keeps", "zoom_y"), [(True, 1.1), (False, 0.9)])
def test_one_zoom_for_both_axes_only_where_the_ratio_is_kept(
    keeps: bool, zoom_y: float
) -> None:
    config = AugmentConfig(zoom=0.2, zoom_keeps_aspect=keeps)
    draws = tf.constant([0.5, 0.5, 0.5, 0.5, 0.75, 0.25, 0.9])
    affine = draw_affine(draws, config, 10, 10)
    assert float(affine.zoom_x) == pytest.approx(1.1)
    assert float(affine.zoom_y) == pytest.approx(zoom_y)


@pytest.mark.parametrize(
    "field", ["rotation_deg", "shift", "shear", "zoom", "flip_probability"]
)
def test_each_movement_alone_counts_as_one(field: str) -> None:
    bounds: dict[str, Any] = {**NO_AUGMENT.to_dict(), field: 0.1}
    assert moves(AugmentConfig.from_dict(bounds))
    assert not moves(NO_AUGMENT)
