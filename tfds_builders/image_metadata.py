"""Metadata of JPEG and PNG files: read the orientation, remove all the rest."""

from __future__ import annotations

from collections.abc import Sequence

from tfds_builders import jpeg_structure, png_structure
from tfds_builders.exif import UPRIGHT, orientation_from_exif


def read_orientation(data: bytes) -> int:
    """Returns the EXIF orientation 1..8 of a JPEG (APP1) or PNG (eXIf).

    1 where a file states none, is of another format or is broken. The orientation in
    an XMP packet is not looked at, as in browsers.
    """
    try:
        if data.startswith(jpeg_structure.JPEG_SIGNATURE):
            return orientation_from_exif(jpeg_structure.find_exif(data))
        if data.startswith(png_structure.PNG_SIGNATURE):
            return orientation_from_exif(png_structure.find_exif(data))
    except ValueError:
        return UPRIGHT
    return UPRIGHT


def strip_metadata(data: bytes) -> bytes:
    """Returns the same JPEG or PNG with nothing left but the picture.

    What stays is an allow-list: in JPEG the JFIF, Adobe and colour profile segments,
    tables, frame, scans and their compressed data; in PNG the critical chunks,
    transparency and the description of the colours. Nothing is encoded again. All that
    stands behind the picture's end goes, too: second pictures and trailers of phones
    carry their own GPS position.

    Raises:
        ValueError: When the file is no JPEG or PNG, or its structure is broken.
    """
    if data.startswith(jpeg_structure.JPEG_SIGNATURE):
        return join_spans(data, jpeg_structure.read_layout(data).picture)
    if data.startswith(png_structure.PNG_SIGNATURE):
        return join_spans(data, png_structure.read_layout(data).picture)
    raise ValueError(
        f"metadata is removed from JPEG and PNG only, got {len(data)} bytes that begin"
        f" with {data[:8]!r}; convert the file to one of the two"
    )


def join_spans(data: bytes, spans: Sequence[tuple[int, int]]) -> bytes:
    """Returns the bytes of all spans (start, end); `data` itself if they cover it.

    Example:
        >>> join_spans(b"abcdef", [(0, 2), (4, 6)])
        b'abef'
    """
    if sum(end - start for start, end in spans) == len(data):
        return data
    view = memoryview(data)
    return b"".join([view[start:end] for start, end in spans])
