"""Draws photo files with every kind of metadata that a camera leaves in them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image

# Rational numbers of a position whose bytes no test may find again.
LATITUDE = (48, 51, 29.61)
GPS_BYTES = b"FIXTURE-GPS-AREA"
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>48,51.4935N'
    b"</exif:GPSLatitude></x:xmpmeta>"
)


def picture(height: int = 40, width: int = 56) -> Image.Image:
    """Returns a picture that differs from all its mirrored and turned forms."""
    rows, columns = np.mgrid[:height, :width]
    rgb = np.stack(
        [rows * 255 // height, columns * 255 // width, (rows + 2 * columns) % 256], -1
    ).astype(np.uint8)
    rgb[4:12, 4:20] = (250, 20, 20)
    rgb[20:24, 40:52] = (20, 20, 250)
    return Image.fromarray(rgb)


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pixels(data: bytes) -> np.ndarray:
    """Returns the stored pixels, not turned, as Pillow decodes them."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def gps_exif(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif[0x0112] = orientation
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", LATITUDE
    gps[0x1C] = GPS_BYTES
    return exif.tobytes()


def exif_block(
    orientation: int,
    *,
    order: str = ">",
    kind: int = 3,
    count: int = 1,
    entries_before: int = 0,
    directory: int = 8,
) -> bytes:
    """Returns a TIFF block with the orientation behind other entries, bit by bit."""
    entries = b"".join(
        struct.pack(order + "HHII", 0x0100 + index, 4, 1, index)
        for index in range(entries_before)
    )
    value = struct.pack(order + ("H2x" if kind == 3 else "I"), orientation)
    entries += struct.pack(order + "HHI", 0x0112, kind, count) + value
    head = (b"MM\x00*" if order == ">" else b"II*\x00") + struct.pack(
        order + "I", directory
    )
    body = struct.pack(order + "H", entries_before + 1) + entries + b"\x00" * 4
    return head + b"\x00" * (directory - 8) + body


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """Returns the JPEG with segments right behind its start marker."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def jpeg_with_exif(block: bytes, **options: Any) -> bytes:
    jpeg = encode(picture(), "JPEG", **{"quality": 95} | options)
    return with_segments(jpeg, segment(0xE1, b"Exif\x00\x00" + block))


def chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def with_chunks(png: bytes, *chunks: bytes, behind_pixels: bool = False) -> bytes:
    """Returns the PNG with chunks behind its header or ahead of its end."""
    at = len(png) - 12 if behind_pixels else 33
    return png[:at] + b"".join(chunks) + png[at:]


def png_with_exif(block: bytes, *, behind_pixels: bool = False) -> bytes:
    return with_chunks(
        encode(picture(), "PNG"), chunk(b"eXIf", block), behind_pixels=behind_pixels
    )


def broken_exif_files() -> dict[str, bytes]:
    """Returns files whose orientation cannot be read, or is none, by name."""
    good = exif_block(6)
    return {
        "no exif jpeg": encode(picture(), "JPEG"),
        "no exif png": encode(picture(), "PNG"),
        "empty block": jpeg_with_exif(b""),
        "block of four bytes": jpeg_with_exif(good[:4]),
        "block without directory": jpeg_with_exif(good[:8]),
        "block cut in the entry": jpeg_with_exif(good[:20]),
        "foreign byte order": jpeg_with_exif(b"XX" + good[2:]),
        "directory behind the end": jpeg_with_exif(good[:4] + b"\xff" * 4 + good[8:]),
        "count of entries too high": jpeg_with_exif(good[:8] + b"\xff\xff"),
        "orientation 0": jpeg_with_exif(exif_block(0)),
        "orientation 9": png_with_exif(exif_block(9)),
        "two values": jpeg_with_exif(exif_block(6, count=2)),
        "value of an unknown type": jpeg_with_exif(exif_block(6, kind=13)),
        "exif behind the scan": encode(picture(), "JPEG")[:-2]
        + segment(0xE1, b"Exif\x00\x00" + good)
        + b"\xff\xd9",
        "exif behind the end": encode(picture(), "JPEG")
        + segment(0xE1, b"Exif\x00\x00" + good),
        "exif chunk cut off": png_with_exif(good, behind_pixels=True)[:-30],
        "segment longer than the file": b"\xff\xd8\xff\xe1\xff\xffExif\x00\x00" + good,
        "first of two is broken": with_segments(
            jpeg_with_exif(good), segment(0xE1, b"Exif\x00\x00")
        ),
        "segment length below two": b"\xff\xd8\xff\xe0\x00\x01" + b"\x00" * 20,
        "tiff": encode(picture(), "TIFF", exif=gps_exif(6)),
        "text": b"hello, I am no picture",
        "signature only": b"\xff\xd8\xff",
        "png signature only": b"\x89PNG\r\n\x1a\n",
        "empty": b"",
    }


def stated_exif_files() -> dict[str, tuple[bytes, int]]:
    """Returns files with their orientation, written in every odd but valid way."""
    files: dict[str, tuple[bytes, int]] = {}
    for orientation in range(1, 9):
        for name, order in (("big", ">"), ("little", "<")):
            block = exif_block(orientation, order=order)
            files[f"jpeg {name} {orientation}"] = (jpeg_with_exif(block), orientation)
            files[f"png {name} {orientation}"] = (png_with_exif(block), orientation)
    late = exif_block(6, order="<", entries_before=5, directory=40)
    plain = jpeg_with_exif(late)
    files["directory far behind"] = (plain, 6)
    files["long value"] = (jpeg_with_exif(exif_block(5, kind=4)), 5)
    files["long value little"] = (jpeg_with_exif(exif_block(5, kind=4, order="<")), 5)
    files["behind a comment and XMP"] = (
        with_segments(plain, segment(0xFE, b"x" * 9000), segment(0xE1, XMP)),
        6,
    )
    files["behind stray bytes"] = (
        with_segments(plain, segment(0xFE, b"x") + b"\x00\x12\xff\x00\xff\xff"),
        6,
    )
    files["png, behind the pixels"] = (png_with_exif(late, behind_pixels=True), 6)
    files["png, with the JPEG header"] = (png_with_exif(b"Exif\x00\x00" + late), 6)
    files["written by Pillow"] = (encode(picture(), "JPEG", exif=gps_exif(8)), 8)
    files["png by Pillow"] = (encode(picture(), "PNG", exif=gps_exif(8)), 8)
    files["first of two counts"] = (
        with_segments(plain, segment(0xE1, b"Exif\x00\x00" + exif_block(3))),
        3,
    )
    return files
