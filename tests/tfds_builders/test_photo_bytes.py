from __future__ import annotations

import io
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from tests.tfds_builders import drawn_photos as drawn
from tfds_builders import photo_bytes
from tfds_builders.image_metadata import read_orientation, strip_metadata
from tfds_builders.photo_bytes import Photo, load_photo
from tfds_builders.upright import apply_orientation


def upright(photo: Photo) -> np.ndarray:
    return apply_orientation(drawn.pixels(photo.data), photo.orientation)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_stripped_and_its_size_is_upright(
    kind: str, orientation: int
) -> None:
    data = drawn.encode(drawn.picture(40, 56), kind, exif=drawn.gps_exif(orientation))
    photo = load_photo(data)
    assert photo.orientation == orientation
    expected = (40, 56) if orientation < 5 else (56, 40)
    assert (photo.height_px, photo.width_px) == expected
    assert photo.data == strip_metadata(data)
    assert drawn.GPS_BYTES in data and drawn.GPS_BYTES not in photo.data
    transposed = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    np.testing.assert_array_equal(upright(photo), np.asarray(transposed))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_metadata_stays_when_asked_for(kind: str) -> None:
    data = drawn.encode(drawn.picture(), kind, exif=drawn.gps_exif(6)) + b"trailer"
    photo = load_photo(data, keep_metadata=True)
    assert photo.data is data
    assert photo.orientation == 6


def colour_kinds() -> dict[str, bytes]:
    image = drawn.picture()
    wide = Image.fromarray((np.arange(40 * 56).reshape(40, 56) * 29).astype(np.uint16))
    return {
        "16 bit png": drawn.encode(wide, "PNG"),
        "grey png": drawn.encode(image.convert("L"), "PNG"),
        "alpha png": drawn.encode(image.convert("RGBA"), "PNG"),
        "palette png": drawn.encode(image.quantize(16), "PNG"),
        "bilevel png": drawn.encode(image.convert("1"), "PNG"),
        "cmyk jpeg": drawn.encode(image.convert("CMYK"), "JPEG"),
        "grey jpeg": drawn.encode(image.convert("L"), "JPEG"),
        "progressive jpeg": drawn.encode(image, "JPEG", progressive=True),
    }


@pytest.mark.parametrize("name", colour_kinds())
def test_every_kind_of_jpeg_and_png_keeps_its_bytes(name: str) -> None:
    data = colour_kinds()[name]
    assert load_photo(data).data is data


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "GIF", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_other_formats_become_png_without_loss(kind: str, mode: str) -> None:
    options = {"WEBP": {"lossless": True}}.get(kind, {})
    data = drawn.encode(drawn.picture().convert(mode), kind, **options)
    photo = load_photo(data)
    assert photo.data.startswith(b"\x89PNG")
    assert (photo.orientation, photo.height_px, photo.width_px) == (1, 40, 56)
    np.testing.assert_array_equal(drawn.pixels(photo.data), drawn.pixels(data))


@pytest.mark.parametrize("kind", ["TIFF", "WEBP"])
def test_other_formats_are_turned_upright_and_lose_their_metadata(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    exif = drawn.gps_exif(6)
    data = drawn.encode(drawn.picture(40, 56), kind, exif=exif, **options)
    photo = load_photo(data)
    assert (photo.orientation, photo.height_px, photo.width_px) == (1, 56, 40)
    expected = apply_orientation(np.asarray(drawn.picture(40, 56)), 6)
    np.testing.assert_array_equal(drawn.pixels(photo.data), expected)
    assert drawn.GPS_BYTES in data and drawn.GPS_BYTES not in photo.data
    assert strip_metadata(photo.data) is photo.data


def test_of_a_moving_gif_the_first_frame_is_taken() -> None:
    first, second = drawn.picture().quantize(8), drawn.picture().rotate(180)
    data = drawn.encode(first, "GIF", save_all=True, append_images=[second])
    photo = load_photo(data)
    np.testing.assert_array_equal(
        drawn.pixels(photo.data), np.asarray(first.convert("RGB"))
    )


def test_transparency_is_ignored_not_blended() -> None:
    rgba = np.dstack([np.asarray(drawn.picture()), np.full((40, 56), 7, np.uint8)])
    data = drawn.encode(Image.fromarray(rgba), "TIFF")
    np.testing.assert_array_equal(
        drawn.pixels(load_photo(data).data), np.asarray(drawn.picture())
    )


def test_16_bit_tiff_keeps_the_high_byte() -> None:
    samples = (np.arange(40 * 56).reshape(40, 56) * 29).astype(np.uint16)
    photo = load_photo(drawn.encode(Image.fromarray(samples), "TIFF"))
    np.testing.assert_array_equal(
        np.asarray(Image.open(io.BytesIO(photo.data))), samples // 256
    )


def test_a_jpeg_that_tensorflow_cannot_read_becomes_an_upright_png(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(photo_bytes, "_TENSORFLOW_FRAMES", frozenset({0xC0}))
    data = drawn.encode(
        drawn.picture(40, 56), "JPEG", progressive=True, exif=drawn.gps_exif(6)
    )
    photo = load_photo(data)
    assert (photo.orientation, photo.height_px, photo.width_px) == (1, 56, 40)
    expected = apply_orientation(drawn.pixels(data), 6)
    np.testing.assert_array_equal(drawn.pixels(photo.data), expected)


def noisy(**options: object) -> bytes:
    noise = np.random.default_rng(3).integers(0, 256, (64, 80, 3), np.uint8)
    return drawn.encode(Image.fromarray(noise), "JPEG", **options)


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"restart_marker_blocks": 4}],
    ids=["baseline", "progressive", "restarts"],
)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_cut_off_jpeg_is_refused(options: dict[str, object], share: float) -> None:
    data = noisy(**options)
    with pytest.raises(ValueError, match=r"cannot decode JPEG of .* it is cut off"):
        load_photo(data[: int(len(data) * share)])


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_cut_off_jpeg_with_a_mended_end_is_refused(share: float) -> None:
    data = noisy()
    mended = data[: int(len(data) * share)].rstrip(b"\xff") + b"\xff\xd9"
    Image.open(io.BytesIO(mended)).load()  # libjpeg fills it up without a word
    with pytest.raises(ValueError, match="its last rows are missing"):
        load_photo(mended)


def test_a_progressive_jpeg_without_its_last_scans_is_refused() -> None:
    data = noisy(progressive=True)
    mended = data[: data.rindex(b"\xff\xda")] + b"\xff\xd9"
    Image.open(io.BytesIO(mended)).load()
    with pytest.raises(ValueError, match="scans are missing"):
        load_photo(mended)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_whole_mid_grey_picture_is_not_taken_for_cut_off(mode: str) -> None:
    grey = Image.new("RGB", (50, 30), (128, 128, 128)).convert(mode)
    data = drawn.encode(grey, "JPEG")
    assert load_photo(data).data is data


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "GIF", "WEBP", "PNG"])
def test_every_cut_off_format_is_refused(kind: str) -> None:
    data = drawn.encode(drawn.picture(), kind)
    with pytest.raises(ValueError, match="cannot decode"):
        load_photo(data[: len(data) * 2 // 3])


def test_png_whose_pixels_are_missing_is_refused() -> None:
    data = drawn.encode(drawn.picture(), "PNG")
    header, end = data[:33], data[-12:]
    with pytest.raises(ValueError, match="cannot decode"):
        load_photo(header + drawn.chunk(b"IDAT", data[41:90]) + end)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "cannot decode file of 0 bytes: a photo must be JPEG, PNG"),
        (b"\x00" * 100, "cannot decode file of 100 bytes"),
        (b"<html>404</html>", r"got bytes b'<html>40'; convert it"),
        (b"\x00\x00\x00\x18ftypheic", "got HEIC or AVIF; convert it to JPEG"),
        (b"BM", "cannot decode file of 2 bytes: it must hold a whole picture"),
    ],
    ids=["empty", "zeros", "text", "heic", "two letters"],
)
def test_what_is_no_photo_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message) as refusal:
        load_photo(data)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"])
def test_a_picture_with_too_many_pixels_is_refused(kind: str) -> None:
    data = drawn.encode(drawn.picture(40, 56), kind)
    message = r"56 x 40 pixels: it must hold 1 to max_pixels=2239 .* raise max_pixels"
    with pytest.raises(ValueError, match=message):
        load_photo(data, max_pixels=40 * 56 - 1)
    assert load_photo(data, max_pixels=40 * 56).width_px == 56


def test_a_decompression_bomb_is_refused_before_it_is_decoded() -> None:
    data = drawn.encode(drawn.picture(), "PNG")
    header = b"\x00\x01\x00\x00" * 2 + data[24:29]
    bomb = data[:8] + drawn.chunk(b"IHDR", header) + data[33:]
    with pytest.raises(ValueError, match=r"65536 x 65536 pixels.*max_pixels=100000000"):
        load_photo(bomb)


FILES = {
    "jpeg": drawn.jpeg_with_exif(drawn.exif_block(6)),
    "progressive": drawn.jpeg_with_exif(drawn.exif_block(6), progressive=True),
    "png": drawn.png_with_exif(drawn.exif_block(6)),
    "gif": drawn.encode(drawn.picture(), "GIF"),
    "tiff": drawn.encode(drawn.picture(), "TIFF", exif=drawn.gps_exif(6)),
    "webp": drawn.encode(drawn.picture(), "WEBP", exif=drawn.gps_exif(6)),
}


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("name", FILES)
@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 12), cut=st.booleans())
def test_damage_raises_nothing_but_value_error(
    name: str, seed: int, changes: int, cut: bool
) -> None:
    draw = random.Random(seed)
    damaged = bytearray(FILES[name])
    for _ in range(changes):
        damaged[draw.randrange(len(damaged))] = draw.choice((0, 0xFF, 0xD9, 0xDA, 7))
    data = bytes(damaged[: draw.randrange(len(damaged))] if cut else damaged)

    assert 1 <= read_orientation(data) <= 8
    for function in (strip_metadata, load_photo):
        try:
            function(data)
        except ValueError as err:
            assert "\n" not in str(err)
