"""Grey masks become coloured ones of the same values."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from components.bulk_inference.palette_png import colour_grey_png


def grey_png(values: np.ndarray, mode: str | None = None) -> bytes:
    out = io.BytesIO()
    Image.fromarray(values, mode).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("seed", range(4))
def test_values_stay_and_colours_are_the_palettes(seed: int) -> None:
    random = np.random.default_rng(seed)
    height, width = random.integers(1, 60, 2)
    values = random.integers(0, 256, (height, width), np.uint8)
    palette = random.integers(0, 256, (256, 3), np.uint8)

    png = colour_grey_png(grey_png(values), palette, "carseg test")

    with Image.open(io.BytesIO(png)) as image:
        image.load()
        assert image.mode == "P"
        assert image.text == {"Software": "carseg test"}
        np.testing.assert_array_equal(np.asarray(image), values)
        np.testing.assert_array_equal(np.asarray(image.convert("RGB")), palette[values])
    with Image.open(io.BytesIO(png)) as image:
        image.verify()  # the checksums


@pytest.mark.parametrize(
    "data",
    [
        grey_png(np.zeros((3, 4, 3), np.uint8)),
        grey_png(np.zeros((3, 4), np.uint16)),
        b"GIF89a",
        b"",
    ],
    ids=["colour", "16 bits", "GIF", "nothing"],
)
def test_another_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="8-bit grey PNG, got"):
        colour_grey_png(data, np.zeros((256, 3), np.uint8), "test")
