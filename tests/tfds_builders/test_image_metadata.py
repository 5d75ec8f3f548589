from __future__ import annotations

import doctest
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.tfds_builders import drawn_photos as drawn
from tfds_builders import image_metadata
from tfds_builders.image_metadata import join_spans, read_orientation, strip_metadata

STATED = drawn.stated_exif_files()
BROKEN = drawn.broken_exif_files()


@pytest.mark.parametrize("name", STATED)
def test_orientation_is_read_wherever_it_stands(name: str) -> None:
    data, orientation = STATED[name]
    assert read_orientation(data) == orientation


@pytest.mark.parametrize("name", BROKEN)
def test_broken_or_absent_exif_means_upright(name: str) -> None:
    assert read_orientation(BROKEN[name]) == 1


def full_jpeg(**options: object) -> bytes:
    """A JPEG with every metadata segment and a second picture behind its end."""
    jpeg = drawn.encode(
        drawn.picture(),
        "JPEG",
        quality=90,
        icc_profile=b"ICC" * 100,
        comment=b"SECRET-COMMENT",
        exif=drawn.gps_exif(6),
        **options,
    )
    second = drawn.encode(drawn.picture(), "JPEG", exif=drawn.gps_exif(3))
    extended = b"http://ns.adobe.com/xmp/extension/\x00" + b"0" * 40 + drawn.XMP
    return (
        drawn.with_segments(
            jpeg,
            drawn.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + drawn.XMP),
            drawn.segment(0xE1, extended),
            drawn.segment(0xE2, b"MPF\x00" + b"m" * 60),
            drawn.segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04IPTC-CITY"),
            drawn.segment(0xE0, b"JFXX\x00\x10" + b"thumb" * 9),
            drawn.segment(0xE7, b"unknown maker"),
        )
        + second
        + b"SEFT-samsung-trailer"
    )


SECRETS = (
    b"Exif",
    b"\x88\x25\x00\x04\x00\x00\x00\x01",
    drawn.GPS_BYTES,
    b"Maker",
    b"GPSLatitude",
    b"ns.adobe.com",
    b"SECRET-COMMENT",
    b"MPF\x00",
    b"Photoshop",
    b"IPTC-CITY",
    b"JFXX",
    b"unknown maker",
    b"samsung",
)


@pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO:UserWarning")
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"progressive": True},
        {"restart_marker_blocks": 2},
        {"progressive": True, "restart_marker_blocks": 3},
        {"subsampling": 0, "optimize": True},
    ],
    ids=["baseline", "progressive", "restarts", "progressive restarts", "4:4:4"],
)
def test_jpeg_keeps_its_picture_and_nothing_else(options: dict[str, object]) -> None:
    data = full_jpeg(**options)
    stripped = strip_metadata(data)

    for secret in SECRETS:
        assert secret in data, f"the test must plant {secret!r}"
        assert secret not in stripped
    primary_end = data.index(b"\xff\xd9\xff\xd8") + 2
    frame = b"\xff\xc2\x00\x11" if "progressive" in options else b"\xff\xc0\x00\x11"
    first_frame = data.rindex(frame, 0, primary_end)
    assert stripped.endswith(data[first_frame:primary_end])
    assert stripped.startswith(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00")
    assert b"ICC_PROFILE\x00\x01\x01" + b"ICC" * 100 in stripped
    np.testing.assert_array_equal(drawn.pixels(stripped), drawn.pixels(data))
    assert strip_metadata(stripped) is stripped


def test_metadata_between_scans_is_removed() -> None:
    data = drawn.encode(drawn.picture(), "JPEG", progressive=True)
    second_scan = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    between = data.rindex(b"\xff\xc4", 0, second_scan)
    planted = data[:between] + drawn.segment(0xE1, drawn.gps_exif()) + data[between:]
    assert strip_metadata(planted) == data


def test_a_phones_second_picture_is_removed() -> None:
    out = io.BytesIO()
    second = drawn.picture()
    second.encoderinfo = {"exif": drawn.gps_exif()}
    drawn.picture().save(out, "MPO", save_all=True, append_images=[second])
    data = out.getvalue() + b"trailer with " + drawn.gps_exif()
    stripped = strip_metadata(data)
    assert data.count(b"\xff\xd8\xff") == 2
    assert stripped.count(b"\xff\xd8\xff") == 1
    assert b"MPF\x00" in data and b"MPF\x00" not in stripped
    assert drawn.GPS_BYTES not in stripped
    np.testing.assert_array_equal(drawn.pixels(stripped), drawn.pixels(data))


def test_adobe_segment_stays_so_that_cmyk_keeps_its_colours() -> None:
    image = drawn.picture().convert("CMYK")
    data = drawn.encode(image, "JPEG", exif=drawn.gps_exif())
    stripped = strip_metadata(data)
    assert b"Adobe" in stripped and drawn.GPS_BYTES not in stripped
    np.testing.assert_array_equal(drawn.pixels(stripped), drawn.pixels(data))


@pytest.mark.parametrize("behind_pixels", [False, True], ids=["ahead", "behind"])
def test_png_keeps_its_picture_and_nothing_else(behind_pixels: bool) -> None:
    image = drawn.picture().quantize(16)
    plain = drawn.encode(image, "PNG", transparency=3, dpi=(72, 72), icc_profile=b"p")
    data = (
        drawn.with_chunks(
            plain,
            drawn.chunk(b"eXIf", drawn.gps_exif(6)[6:]),
            drawn.chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + drawn.XMP),
            drawn.chunk(b"tEXt", b"Comment\x00secret"),
            drawn.chunk(b"zTXt", b"Raw profile type exif\x00\x00abc"),
            drawn.chunk(b"tIME", b"\x07\xe9\x01\x01\x00\x00\x00"),
            drawn.chunk(b"zzZz", b"unknown"),
            behind_pixels=behind_pixels,
        )
        + b"PK trailer"
    )
    assert drawn.GPS_BYTES in data and b"GPSLatitude" in data
    assert strip_metadata(data) == plain


def test_an_animated_png_becomes_its_first_frame() -> None:
    frames = [drawn.picture(), drawn.picture().rotate(180)]
    data = drawn.encode(frames[0], "PNG", save_all=True, append_images=frames[1:])
    stripped = strip_metadata(data)
    assert b"fdAT" in data and b"fdAT" not in stripped and b"acTL" not in stripped
    image = Image.open(io.BytesIO(stripped))
    assert getattr(image, "n_frames", 1) == 1
    np.testing.assert_array_equal(np.asarray(image), np.asarray(frames[0]))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "JPEG and PNG only, got 0 bytes"),
        (b"hello", r"begin with b'hello'; convert"),
        (b"\xff\xd8\xff", "3 bytes: it is cut off, there is no end-of-image"),
        (b"\xff\xd8\xff\xd9", "it holds no picture"),
        (b"\xff\xd8\xff\xe1\x00\x01", "0xFFE1 at byte 2 must fit .* length says 1"),
        (drawn.encode(drawn.picture(), "JPEG")[:-2], "cut off inside the compressed"),
        (drawn.encode(drawn.picture(), "PNG")[:-1], "cut off in the chunk at byte"),
        (b"\x89PNG\r\n\x1a\n" + drawn.chunk(b"IEND", b""), "IHDR is missing"),
        (
            drawn.encode(drawn.picture().quantize(4), "PNG").replace(b"PLTE", b"zzZz"),
            "its palette chunk PLTE is missing",
        ),
        (
            drawn.encode(drawn.picture(), "PNG").replace(b"IDATx", b"IDATy"),
            "chunk IDAT has a wrong checksum",
        ),
    ],
)
def test_a_broken_structure_is_refused_by_name(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message) as refusal:
        strip_metadata(data)
    assert "\n" not in str(refusal.value)


def test_spans_that_cover_the_file_are_not_copied() -> None:
    data = b"abcdef"
    assert join_spans(data, [(0, 2), (2, 6)]) is data
    assert join_spans(data, [(0, 2), (4, 6)]) == b"abef"


@settings(max_examples=60, deadline=None)
@given(block=st.binary(max_size=120), order=st.sampled_from([b"MM\x00*", b"II*\x00"]))
def test_any_exif_block_gives_a_valid_orientation(block: bytes, order: bytes) -> None:
    assert 1 <= read_orientation(drawn.jpeg_with_exif(order + block)) <= 8


def test_the_docstrings_example_runs() -> None:
    assert doctest.testmod(image_metadata) == (0, 1)
