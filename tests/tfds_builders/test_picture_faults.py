"""What Python says of missing bytes does not reach the owner of a file."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders.drawn_photos import encode
from tfds_builders.photo_bytes import load_photo
from tfds_builders.picture_faults import fault_of


def test_pillows_reason_stays_and_pythons_does_not() -> None:
    assert fault_of(OSError("image file is\n truncated <_io.BytesIO at 0x7>")) == (
        "image file is truncated"
    )
    passed_on = SyntaxError("unpack requires a buffer of 4 bytes")
    passed_on.__cause__ = struct.error("unpack requires a buffer of 4 bytes")
    assert fault_of(passed_on) == "it is cut off or damaged"
    assert fault_of(EOFError()) == "EOFError"


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "WEBP", "PNG", "JPEG"])
def test_no_cut_photo_is_refused_in_pythons_words(kind: str) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (8, 8, 3), np.uint8)
    data = encode(Image.fromarray(pixels), kind)
    refused = 0
    for size in range(len(data)):
        try:
            load_photo(data[:size])
        except ValueError as err:
            refused += 1
            assert "buffer" not in str(err) and "index out" not in str(err)
    assert refused > len(data) / 2
