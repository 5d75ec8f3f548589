from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders import drawn_photos as drawn
from tfds_builders.image_metadata import strip_metadata
from tfds_builders.png_encoding import encode_mask_png, encode_rgb_png, write_png


def test_a_mask_keeps_every_id_in_eight_bits_of_grey() -> None:
    mask_ids = np.arange(256, dtype=np.uint8).reshape(8, 32)
    data = encode_mask_png(mask_ids)
    assert data[24:26] == b"\x08\x00"
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(data))), mask_ids)


def test_a_view_with_strides_gives_the_bytes_of_its_copy() -> None:
    mask_ids = np.random.default_rng(0).integers(0, 5, (30, 40), np.uint8)
    view = mask_ids.T[::-1, ::2]
    assert encode_mask_png(view) == encode_mask_png(view.copy())


def test_a_photo_comes_back_and_carries_no_metadata() -> None:
    image_rgb = np.asarray(drawn.picture())
    data = encode_rgb_png(image_rgb)
    np.testing.assert_array_equal(drawn.pixels(data), image_rgb)
    assert strip_metadata(data) is data


def test_what_a_picture_was_read_with_is_not_written() -> None:
    image = drawn.picture()
    image.info = {"icc_profile": b"profile", "comment": "secret", "dpi": (72, 72)}
    assert write_png(image) == encode_rgb_png(np.asarray(image))


@pytest.mark.parametrize(
    ("array", "got"),
    [
        (np.zeros((2, 2), np.int64), r"int64 \[2, 2\]"),
        (np.zeros((2, 2, 1), np.uint8), r"uint8 \[2, 2, 1\]"),
        (np.zeros((0, 2), np.uint8), r"uint8 \[0, 2\]"),
    ],
)
def test_what_is_no_mask_is_refused(array: np.ndarray, got: str) -> None:
    with pytest.raises(
        ValueError, match=rf"must be uint8 \[height, width\], got {got}"
    ):
        encode_mask_png(array)


@pytest.mark.parametrize(
    "array", [np.zeros((2, 2), np.uint8), np.zeros((2, 2, 4), np.uint8)]
)
def test_what_is_no_rgb_picture_is_refused(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"must be uint8 \[height, width, 3\], got"):
        encode_rgb_png(array)
