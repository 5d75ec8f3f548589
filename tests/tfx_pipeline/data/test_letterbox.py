from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from tfx_pipeline.data.letterbox import (
    letterbox_box,
    letterbox_box_tensor,
    letterbox_image,
    letterbox_mask,
)

sides = st.integers(1, 12_000)
targets = st.integers(16, 1024)


@tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
def box_of_256(shape: tf.Tensor) -> tf.Tensor:
    return letterbox_box_tensor(shape, 256, 256)


def test_a_carvana_photo_has_42_rows_above_and_43_below() -> None:
    assert letterbox_box(1280, 1918, 256, 256) == (42, 0, 171, 256)
    mask = np.ones((1280, 1918), np.uint8)
    boxed = letterbox_mask(tf.constant(mask), 256, 256).numpy()
    assert (boxed[:42] == 255).all()
    assert (boxed[42:213] == 1).all()
    assert (boxed[213:] == 255).all()


@pytest.mark.parametrize(
    ("size", "target", "box"),
    [
        ((40, 40), (64, 64), (0, 0, 64, 64)),
        ((10, 20), (64, 64), (16, 0, 32, 64)),
        ((20, 10), (64, 96), (0, 32, 64, 32)),
        ((1, 9999), (32, 32), (15, 0, 1, 32)),
        ((3, 2), (32, 32), (0, 5, 32, 21)),
    ],
)
def test_boxes_worked_out_by_hand(
    size: tuple[int, int], target: tuple[int, int], box: tuple[int, ...]
) -> None:
    assert letterbox_box(*size, *target) == box


@settings(max_examples=200, deadline=None)
@given(sides, sides, targets, targets)
def test_the_box_is_the_rounded_scale_centred(
    height: int, width: int, out_height: int, out_width: int
) -> None:
    top, left, new_height, new_width = letterbox_box(
        height, width, out_height, out_width
    )
    scale = min(Fraction(out_height, height), Fraction(out_width, width))
    for new, old in ((new_height, height), (new_width, width)):
        assert new == 1 or abs(new - old * scale) <= Fraction(1, 2)
    assert new_height == out_height or new_width == out_width
    assert top == (out_height - new_height) // 2 >= 0
    assert left == (out_width - new_width) // 2 >= 0


@settings(max_examples=100, deadline=None)
@given(sides, sides)
def test_the_graph_agrees_with_python(height: int, width: int) -> None:
    box = tuple(box_of_256(tf.constant([height, width, 3])).numpy())
    assert box == letterbox_box(height, width, 256, 256)


def test_a_photo_keeps_its_pixels_at_its_own_size_and_is_padded_grey() -> None:
    image = np.random.default_rng(0).integers(0, 256, (20, 32, 3), np.uint8)
    boxed = letterbox_image(tf.constant(image), 32, 32).numpy()
    np.testing.assert_array_equal(boxed[6:26], image)
    assert (boxed[:6] == 127).all()
    assert (boxed[26:] == 127).all()


def test_shrinking_averages_the_photo_and_picks_from_the_mask() -> None:
    stripes = np.tile(np.array([0, 250], np.uint8), (64, 32))
    photo = letterbox_image(tf.constant(np.dstack([stripes] * 3)), 16, 16).numpy()
    # Antialias: without it, four pixels of the source give stripes again.
    assert (abs(photo[:, 1:-1].astype(int) - 125) <= 2).all()
    mask = letterbox_mask(tf.constant(stripes), 16, 16).numpy()
    assert set(np.unique(mask)) <= {0, 250}


def test_a_picture_without_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 x 1 px, got 0x5"):
        letterbox_box(0, 5, 16, 16)
