"""Width and height of a picture, read from its first bytes without decoding it."""

from __future__ import annotations

import struct
from collections.abc import Iterator

PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"
GIF_START = b"GIF8"
BMP_START = b"BM"
STARTS = (JPEG_START, PNG_START, GIF_START, BMP_START)

# Start-of-frame markers; C4, C8 and CC of this range are tables and reserved.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_GIF_EXTENSION, _GIF_IMAGE = 0x21, 0x2C
_BMP_CORE_HEADER = 12  # bytes of the oldest header, with 16-bit sizes


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Returns width and height; None where the bytes do not tell.

    A GIF counts all its frames, one below the other, because its decoder holds all.
    """
    try:
        if data.startswith(PNG_START):
            width, height = struct.unpack_from(">II", data, 16)
            return width, height
        if data.startswith(JPEG_START):
            return _jpeg_size(data)
        if data.startswith(GIF_START):
            return _gif_size(data)
        if data.startswith(BMP_START):
            return _bmp_size(data)
    except (struct.error, IndexError):  # cut off: the decoder will say so
        return None
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    position = 2
    while position < len(data):
        # Between segments a decoder skips what is no marker, and any fill bytes.
        position = data.find(b"\xff", position)
        if position < 0:
            return None
        while data[position] == 0xFF:
            position += 1
        marker = data[position]
        position += 1
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, position + 3)
            return width, height
        if marker != 0 and marker not in _JPEG_BARE:
            position += struct.unpack_from(">H", data, position)[0]
    return None


def _bmp_size(data: bytes) -> tuple[int, int]:
    if struct.unpack_from("<I", data, 14)[0] == _BMP_CORE_HEADER:
        width, height = struct.unpack_from("<HH", data, 18)
    else:
        width, height = struct.unpack_from("<ii", data, 18)
    return abs(width), abs(height)  # a negative height stores the rows top down


def _gif_size(data: bytes) -> tuple[int, int]:
    screen = struct.unpack_from("<HH", data, 6)
    frames = list(_gif_frames(data))
    width = max(screen[0], *(width for width, _ in frames), 0)
    return width, max(screen[1], sum(height for _, height in frames))


def _gif_frames(data: bytes) -> Iterator[tuple[int, int]]:
    position = 13 + _colour_table_bytes(data[10])
    while position < len(data):
        kind = data[position]
        if kind == _GIF_EXTENSION:
            position += 2
        elif kind == _GIF_IMAGE and position + 10 <= len(data):
            yield struct.unpack_from("<HH", data, position + 5)
            position += 11 + _colour_table_bytes(data[position + 9])
        else:
            return
        while position < len(data) and data[position]:  # blocks, each with its length
            position += 1 + data[position]
        position += 1


def _colour_table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
