"""The chunks of a PNG file: where each begins, what the picture itself needs."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

_CRITICAL_CHUNKS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_COLOUR_CHUNKS = frozenset(
    {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD"}
)
_PALETTE_COLOURS = 3
_PICTURE_CHUNKS = _CRITICAL_CHUNKS | _COLOUR_CHUNKS


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk; `start` is at its length, `end` behind its checksum."""

    name: bytes
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class PngLayout:
    """The picture of a PNG file.

    Attributes:
        height_px: Height as stored, not upright.
        width_px: Width as stored, not upright.
        exif: Content of the first eXIf chunk, b"" if there is none.
        picture: Spans of the file (start, end) that the picture needs, in order.
    """

    height_px: int
    width_px: int
    exif: bytes
    picture: tuple[tuple[int, int], ...]


def png_error(data: bytes, reason: str) -> ValueError:
    """Returns the error for a PNG that does not hold together."""
    return ValueError(
        f"cannot decode PNG of {len(data)} bytes: {reason}; fetch the file again or"
        " leave it out"
    )


def iter_chunks(data: bytes) -> Iterator[Chunk]:
    """Yields the chunks up to IEND.

    Raises:
        ValueError: When a chunk does not fit into the file or there is no IEND.
    """
    position = len(PNG_SIGNATURE)
    while True:
        name = data[position + 4 : position + 8]
        end = position + 12 + int.from_bytes(data[position : position + 4], "big")
        if len(name) < 4 or end > len(data):
            raise png_error(data, f"it is cut off in the chunk at byte {position}")
        yield Chunk(name, position, end)
        if name == b"IEND":
            return
        position = end


def find_exif(data: bytes) -> bytes:
    """Returns the content of the first eXIf chunk, b"" if there is none."""
    for chunk in iter_chunks(data):
        if chunk.name == b"eXIf":
            return data[chunk.start + 8 : chunk.end - 4]
    return b""


def read_layout(data: bytes) -> PngLayout:
    """Walks all chunks once and checks those that the picture needs.

    Raises:
        ValueError: When the structure is broken or a checksum is wrong.
    """
    exif: bytes | None = None
    header = b""
    names = set()
    picture = [(0, len(PNG_SIGNATURE))]
    for chunk in iter_chunks(data):
        if chunk.name == b"eXIf" and exif is None:
            exif = data[chunk.start + 8 : chunk.end - 4]
        elif chunk.name == b"IHDR" and not header:
            header = data[chunk.start + 8 : chunk.end - 4]
        if chunk.name in _PICTURE_CHUNKS:
            _check_checksum(data, chunk)
            picture.append((chunk.start, chunk.end))
            names.add(chunk.name)
    if len(header) != 13:
        raise png_error(data, "its header chunk IHDR is missing or damaged")
    if header[9] == _PALETTE_COLOURS and b"PLTE" not in names:
        raise png_error(data, "its palette chunk PLTE is missing")
    return PngLayout(
        height_px=int.from_bytes(header[4:8], "big"),
        width_px=int.from_bytes(header[:4], "big"),
        exif=exif or b"",
        picture=tuple(picture),
    )


def _check_checksum(data: bytes, chunk: Chunk) -> None:
    # Pillow does not look at IDAT's checksum, TensorFlow refuses a wrong one.
    content = memoryview(data)[chunk.start + 4 : chunk.end - 4]
    if zlib.crc32(content) != int.from_bytes(data[chunk.end - 4 : chunk.end], "big"):
        raise png_error(
            data, f"chunk {chunk.name.decode()} has a wrong checksum, it is damaged"
        )
