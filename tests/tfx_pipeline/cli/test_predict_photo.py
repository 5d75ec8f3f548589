"""A photo's header tells what the server would say, and its pixels stand upright."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders import drawn_photos as drawn
from tfx_pipeline.cli.predict_photo import read_photo


def write(folder: Path, data: bytes) -> Path:
    path = folder / "photo"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_stands_upright(
    tmp_path: Path, orientation: int, kind: str
) -> None:
    # A third reading beside Pillow's and ours: where the red patch must end up.
    upright = drawn.picture(40, 56)
    turn = {
        1: [],
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }[orientation]
    stored = upright
    for step in turn:
        stored = stored.transpose(step)
    options = {"quality": 100, "subsampling": 0} if kind == "JPEG" else {}
    data = drawn.encode(stored, kind, exif=drawn.gps_exif(orientation), **options)

    photo = read_photo(write(tmp_path, data))

    assert (photo.height, photo.width) == (40, 56)
    pixels = np.asarray(photo.upright_pixels(40, 56)).astype(int)
    worst = np.abs(pixels - np.asarray(upright)).mean()
    assert worst < 3, worst
    half = np.asarray(photo.upright_pixels(20, 28))
    assert half.shape == (20, 28, 3)
    assert half[4, 6, 0] > 200 > half[4, 22, 0]


GREY_16 = np.arange(40 * 56, dtype=np.uint16).reshape(40, 56) * 29
KINDS = {
    "grey": drawn.encode(drawn.picture().convert("L"), "JPEG"),
    "cmyk": drawn.encode(drawn.picture().convert("CMYK"), "JPEG"),
    "alpha": drawn.encode(drawn.picture().convert("RGBA"), "PNG"),
    "palette": drawn.encode(drawn.picture().quantize(64), "PNG"),
    "bmp": drawn.encode(drawn.picture(), "BMP"),
    "gif": drawn.encode(drawn.picture().quantize(64), "GIF"),
    "black and white": drawn.encode(drawn.picture().convert("1"), "PNG"),
    "16 bit": drawn.encode(Image.fromarray(GREY_16), "PNG"),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_pixels_can_be_shown(tmp_path: Path, name: str) -> None:
    photo = read_photo(write(tmp_path, KINDS[name]))

    pixels = np.asarray(photo.upright_pixels(40, 56))

    assert pixels.shape == (40, 56, 3)
    expected = np.asarray(Image.open(io.BytesIO(KINDS[name])).convert("RGB"))
    if name == "16 bit":
        expected = np.repeat((GREY_16 >> 8).astype(np.uint8)[..., None], 3, -1)
    np.testing.assert_array_equal(pixels, expected)


def huge_png() -> bytes:
    header = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + drawn.chunk(b"IHDR", header)
        + drawn.chunk(b"IDAT", b"x")
        + drawn.chunk(b"IEND", b"")
    )


REFUSED = {
    "webp": (drawn.encode(drawn.picture(), "WEBP"), "of WebP; convert it to JPEG"),
    "tiff": (drawn.encode(drawn.picture(), "TIFF"), "of TIFF; convert it to JPEG"),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(20), "of HEIC or AVIF; convert it"),
    "text": (b"hello", "got 5 bytes of another kind; convert it to JPEG or PNG first"),
    "empty": (b"", "got 0 bytes of another kind"),
    "30000 x 30000": (huge_png(), "1 to 100000000 pixels, got 30000 x 30000; scale"),
    "jpeg without a picture": (b"\xff\xd8\xff\xe0\0\x02", "damaged|must"),
    "png cut off": (KINDS["alpha"][:30], "damaged"),
}


@pytest.mark.parametrize(("data", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_the_server_would_refuse_is_not_sent(
    tmp_path: Path, data: bytes, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_photo(write(tmp_path, data))


def test_a_file_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "disk.img"
    with path.open("wb") as file:
        file.truncate(2**40)  # a hole: it takes no space

    with pytest.raises(ValueError, match="at most 536870912 bytes, got 1099511627776"):
        read_photo(path)


def test_a_picture_cut_off_behind_its_header_is_damaged(tmp_path: Path) -> None:
    photo = read_photo(write(tmp_path, KINDS["bmp"][:3000]))

    with pytest.raises(ValueError, match=r"the picture is damaged: .*; fetch the"):
        photo.upright_pixels(40, 56)
