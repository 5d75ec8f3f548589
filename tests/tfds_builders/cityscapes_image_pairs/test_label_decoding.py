"""Label colours survive JPEG as classes, and blends of two labels make no third."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders.cityscapes_image_pairs.drawn_pairs import (
    INDEX,
    SHRINK,
    blurred_labels,
    draw_before_and_after,
    street,
)
from tfds_builders.cityscapes_image_pairs.label_decoding import (
    DEFAULT_MAX_COLOUR_DISTANCE,
    decode_labels,
    nearest_colours,
)
from tfds_builders.cityscapes_image_pairs.palette import PALETTE, PALETTE_RGB


def frame(size_px: int) -> np.ndarray:
    mask = np.zeros((size_px, size_px), bool)
    mask[0] = mask[:, 0] = mask[:, -1] = True
    return mask


@pytest.mark.parametrize("index", range(len(PALETTE)), ids=lambda i: PALETTE[i].name)
def test_a_plain_picture_of_a_colour_is_that_colour_within_the_frame(
    index: int,
) -> None:
    label_rgb = np.full((16, 16, 3), PALETTE_RGB[index], np.uint8)

    expected = np.where(frame(16), 255, index)
    np.testing.assert_array_equal(decode_labels(label_rgb), expected)


def test_nearest_colours_equal_the_plain_search() -> None:
    rgb = np.random.default_rng(5).integers(0, 256, (40, 50, 3), np.uint8)
    squared = ((rgb[..., None, :].astype(int) - PALETTE_RGB) ** 2).sum(-1)

    index, distance = nearest_colours(rgb)

    np.testing.assert_array_equal(index, squared.argmin(-1))
    np.testing.assert_allclose(distance, np.sqrt(squared.min(-1)), rtol=1e-6)


@pytest.mark.parametrize("size_px", [128, 256])
def test_edges_after_jpeg_make_trucks_of_the_nearest_colour_but_not_here(
    size_px: int,
) -> None:
    ids = street(size_px * SHRINK)
    truth = ids[SHRINK // 2 :: SHRINK, SHRINK // 2 :: SHRINK]
    label_rgb = blurred_labels(ids)
    nearest = nearest_colours(label_rgb)[0]

    decoded = decode_labels(label_rgb)

    assert (nearest == INDEX["truck"]).sum() > 20
    assert (decoded == INDEX["truck"]).sum() == 0
    told = decoded != 255
    assert told.mean() > 0.94
    assert (decoded != truth)[told].mean() < 0.75 * (nearest != truth).mean()


def test_a_real_truck_stays() -> None:
    ids = street(256)
    ids[100:160, 180:240] = INDEX["truck"]
    truth = ids[SHRINK // 2 :: SHRINK, SHRINK // 2 :: SHRINK] == INDEX["truck"]

    found = decode_labels(blurred_labels(ids)) == INDEX["truck"]

    assert truth.sum() == 225
    assert (found & truth).sum() >= 196  # all but the outermost ring of 15 x 15
    assert (found & ~truth).sum() <= 4 * 15


def test_a_pole_of_three_pixels_stays() -> None:
    label_rgb = np.full((32, 32, 3), PALETTE_RGB[INDEX["building"]], np.uint8)
    label_rgb[4:28, 15:18] = PALETTE_RGB[INDEX["pole"]]
    stream = io.BytesIO()
    Image.fromarray(label_rgb).save(stream, "JPEG", quality=95)

    decoded = decode_labels(np.asarray(Image.open(stream)))

    assert (decoded[6:26, 15:18] == INDEX["pole"]).all()


def test_a_single_pixel_of_a_blend_takes_the_class_around_it() -> None:
    label_rgb = np.full((12, 12, 3), PALETTE_RGB[INDEX["car"]], np.uint8)
    label_rgb[6, 6] = PALETTE_RGB[INDEX["truck"]]

    assert nearest_colours(label_rgb)[0][6, 6] == INDEX["truck"]
    assert decode_labels(label_rgb)[6, 6] == INDEX["car"]


def test_far_colours_are_void_up_to_the_distance_that_is_asked_for() -> None:
    label_rgb = np.full((16, 16, 3), PALETTE_RGB[INDEX["vegetation"]], np.uint8)
    label_rgb[8, 8] = (107, 142 + 46, 35)  # 46 from vegetation, further from others

    assert nearest_colours(label_rgb)[1][8, 8] == 46
    assert decode_labels(label_rgb, max_colour_distance=45)[8, 8] == 255
    for distance in (46, DEFAULT_MAX_COLOUR_DISTANCE):
        decoded = decode_labels(label_rgb, max_colour_distance=distance)
        assert decoded[8, 8] == INDEX["vegetation"]


def test_nothing_but_blends_is_void() -> None:
    label_rgb = np.full((16, 16, 3), (0, 255, 0), np.uint8)

    assert (decode_labels(label_rgb, max_colour_distance=442) == 255).all()


def test_the_dark_frame_votes_for_nothing() -> None:
    label_rgb = np.full((16, 16, 3), PALETTE_RGB[INDEX["sky"]], np.uint8)
    label_rgb[frame(16)] = 0

    decoded = decode_labels(label_rgb)

    assert (decoded[1:, 1:-1] == INDEX["sky"]).all()
    assert (decoded[frame(16)] == 255).all()


def test_decoding_leaves_its_argument_alone() -> None:
    label_rgb = blurred_labels(street(128))
    label_rgb.flags.writeable = False

    first, second = decode_labels(label_rgb), decode_labels(label_rgb)

    np.testing.assert_array_equal(first, second)
    assert (first.shape, first.dtype) == ((32, 32), np.uint8)


def test_the_readmes_picture_can_be_drawn(tmp_path: Path) -> None:
    draw_before_and_after(tmp_path / "picture.png")

    shown = np.asarray(Image.open(tmp_path / "picture.png").convert("RGB"))
    yellow = (shown == (255, 255, 0)).all(-1)
    assert yellow[:, 512:1024].sum() > 400
    assert yellow[:, :512].sum() == yellow[:, 1024:].sum() == 0
    # Unlabelled is black where it is painted, and void once it is decoded.
    title_px = 18
    black = (shown[title_px:] == 0).all(-1)
    white = (shown[title_px:] == 255).all(-1)
    assert black[:, :512].sum() > 400
    assert black[:, 1024:].sum() == 0
    assert white[:, 1024:].sum() >= black[:, :512].sum()
