from __future__ import annotations

import doctest

import numpy as np
import pytest
from PIL import ImageOps

from tests.tfds_builders import drawn_photos as drawn
from tfds_builders import upright
from tfds_builders.upright import apply_orientation, upright_size


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_pixels_turn_as_pillow_turns_them(orientation: int, mode: str) -> None:
    image = drawn.picture(30, 44).convert(mode)
    image.getexif()[0x0112] = orientation
    expected = np.asarray(ImageOps.exif_transpose(image))
    result = apply_orientation(np.asarray(image), orientation)
    np.testing.assert_array_equal(result, expected)
    assert upright_size(30, 44, orientation) == expected.shape[:2]


def test_turning_by_hand() -> None:
    array = np.array([[1, 2, 3], [4, 5, 6]])
    assert apply_orientation(array, 6).tolist() == [[4, 1], [5, 2], [6, 3]]
    assert apply_orientation(array, 8).tolist() == [[3, 6], [2, 5], [1, 4]]
    assert apply_orientation(array, 3).tolist() == [[6, 5, 4], [3, 2, 1]]


@pytest.mark.parametrize("orientation", [0, 9, -1])
def test_an_impossible_orientation_is_refused(orientation: int) -> None:
    with pytest.raises(ValueError, match=f"must be 1..8, got {orientation}; use 1"):
        apply_orientation(np.zeros((2, 2)), orientation)


def test_a_batch_is_refused() -> None:
    with pytest.raises(ValueError, match=r"got \[1, 2, 2, 3\]; pass one picture"):
        apply_orientation(np.zeros((1, 2, 2, 3)), 1)


def test_the_docstrings_example_runs() -> None:
    assert doctest.testmod(upright) == (0, 1)
