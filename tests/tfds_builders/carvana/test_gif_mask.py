import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders.carvana.drawn_carvana import (
    HEIGHT,
    WIDTH,
    drawn_mask,
    gif,
)
from tests.tfds_builders.drawn_photos import encode
from tfds_builders.carvana.gif_mask import read_gif_mask
from tfds_builders.photo_bytes import Photo

MASK = drawn_mask(5)


def photo(
    orientation: int = 1, height_px: int = HEIGHT, width_px: int = WIDTH
) -> Photo:
    return Photo(
        data=b"", orientation=orientation, height_px=height_px, width_px=width_px
    )


@pytest.mark.parametrize(
    "colours",
    [
        (0, 0, 0, 255, 255, 255),
        (255, 255, 255, 0, 0, 0),
        tuple(level for index in range(256) for level in (index,) * 3),
        (9, 9, 9, 9, 9, 9),
    ],
    ids=["black-white", "white-black", "grey-ramp", "one-colour"],
)
def test_indices_are_the_ids_whatever_the_palette(colours: tuple[int, ...]) -> None:
    found = read_gif_mask(gif(MASK, colours), photo())
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, MASK)


def test_a_mask_of_the_stored_photos_size_turns_with_it() -> None:
    found = read_gif_mask(gif(MASK), photo(6, height_px=WIDTH, width_px=HEIGHT))
    np.testing.assert_array_equal(found, np.rot90(MASK, -1))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            gif(MASK * 255, [0, 0, 0] * 255 + [255, 255, 255]),
            "mask indices must be 0 (background) or 1 (car), got 255 in"
            f" {int(MASK.sum())} pixels; unpack the masks again, do not save them anew",
        ),
        (
            gif(MASK * 2 + 1, [0, 0, 0, 1, 2, 3, 4, 5, 6, 9, 9, 9]),
            f"mask indices must be 0 (background) or 1 (car), got 3 in"
            f" {int(MASK.sum())} pixels; unpack",
        ),
        (
            gif(drawn_mask(size=(HEIGHT, WIDTH + 1))),
            "mask must have the photo's size 48 x 32, got 49 x 32; export the mask at",
        ),
        (
            encode(
                Image.fromarray(MASK),
                "GIF",
                save_all=True,
                append_images=[Image.fromarray(1 - MASK)],
            ),
            "mask must be one picture, got 2 frames; unpack the masks again",
        ),
        (
            encode(Image.fromarray(MASK), "PNG"),
            "mask must be a whole GIF, but it is no GIF (",
        ),
        (
            gif(MASK)[:6],
            "mask must be a whole GIF, but it is cut off (6 bytes); unpack the masks",
        ),
        (
            gif(MASK)[:40],
            "mask must be a whole GIF, but it is cut off (40 bytes); unpack the masks",
        ),
        (
            gif(MASK)[:11] + b";",
            "mask must be a whole GIF, but it is damaged (12 bytes); unpack the masks",
        ),
        (b"", "mask is an empty file (0 bytes); unpack the masks again"),
    ],
    ids=[
        "level-255",
        "index-3",
        "size",
        "frames",
        "png",
        "header",
        "half",
        "damaged",
        "empty",
    ],
)
def test_a_bad_mask_is_one_line(data: bytes, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_gif_mask(data, photo())
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_mask_cut_off_anywhere_is_refused_or_whole() -> None:
    data = gif(MASK)
    refused = 0
    for size in range(len(data)):
        try:
            found = read_gif_mask(data[:size], photo())
        except ValueError as err:
            assert "cut off (" in str(err) or "no GIF" in str(err) or not size
            refused += 1
        else:
            np.testing.assert_array_equal(found, MASK)
    # Only the end marker may be missing.
    assert refused >= len(data) - 2


def test_damage_anywhere_is_named_in_our_words() -> None:
    data = gif(MASK)
    told = ("mask must be ", "mask indices must be ", "mask must have the photo's size")
    for place in range(len(data)):
        for value in (0, 255, data[place] ^ 17):
            damaged = data[:place] + bytes([value]) + data[place + 1 :]
            try:
                read_gif_mask(damaged, photo())
            except ValueError as err:
                assert str(err).startswith(told)
                assert "buffer" not in str(err) and "index out" not in str(err)
