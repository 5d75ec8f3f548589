from __future__ import annotations

import io
import random
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from serving.server.api.picture_size import picture_size


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP"])
def test_the_header_tells_the_size(kind: str) -> None:
    rng = random.Random(kind)
    for _ in range(5):
        size = (rng.randint(1, 300), rng.randint(1, 300))
        assert picture_size(encode(Image.new("RGB", size), kind)) == size


@pytest.mark.parametrize(
    "options",
    [
        {"progressive": True},
        {"exif": Image.Exif(), "comment": b"\xff\xc0 no frame" * 50},
        {"icc_profile": b"\xff\xc0\x00\x11\x08" * 9000},
    ],
    ids=["progressive", "comment", "profile over several segments"],
)
def test_a_jpeg_is_read_past_its_metadata(options: dict[str, object]) -> None:
    image = Image.new("RGB", (123, 45))
    assert picture_size(encode(image, "JPEG", **options)) == (123, 45)


def test_fill_bytes_before_a_marker_are_legal() -> None:
    data = encode(Image.new("L", (12, 34)), "JPEG")
    place = data.index(b"\xff\xc0")
    assert picture_size(data[:place] + b"\xff" * 3 + data[place:]) == (12, 34)


def test_an_animation_counts_all_its_frames() -> None:
    rng = np.random.default_rng(5)
    frames = [
        Image.fromarray(rng.integers(0, 255, (20, 30), np.uint8)) for _ in range(3)
    ]
    data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert picture_size(data) == (30, 60)


def test_a_bitmap_stored_top_down_has_a_negative_height() -> None:
    data = bytearray(encode(Image.new("RGB", (7, 9)), "BMP"))
    struct.pack_into("<i", data, 22, -9)
    assert picture_size(bytes(data)) == (7, 9)
    old = b"BM" + bytes(12) + struct.pack("<IHH", 12, 40, 50)
    assert picture_size(old) == (40, 50)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP"])
def test_what_is_cut_off_tells_nothing_or_the_size(kind: str) -> None:
    data = encode(Image.new("RGB", (33, 44)), kind)
    answers = {picture_size(data[:length]) for length in range(len(data) + 1)}
    assert answers == {None, (33, 44)}


def test_what_is_no_picture_tells_nothing() -> None:
    rng = random.Random(7)
    for start in (b"", b"\xff\xd8\xff", b"GIF89a", b"BM", b"RIFF"):
        for _ in range(200):
            picture_size(start + rng.randbytes(rng.randint(0, 80)))
    assert picture_size(b"hello") is None


def huge_png(width: int, height: int) -> bytes:
    """The first bytes of a picture that nobody could decode."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk


def test_a_huge_picture_needs_no_pixels_to_be_known() -> None:
    assert picture_size(huge_png(30_000, 20_000)) == (30_000, 20_000)
