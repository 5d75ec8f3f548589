"""The orientation in an Exif block."""

from __future__ import annotations

from typing import Literal

UPRIGHT = 1
ORIENTATION_TAG = 0x0112
_SHORT, _LONG = 3, 4
_HEADER = b"Exif\x00\x00"


def orientation_from_exif(block: bytes) -> int:
    """Returns the orientation 1..8 that a TIFF-structured Exif block states.

    Args:
        block: The block from its byte order mark on; a leading `Exif` header, which
            some writers put into PNG, is passed over.

    Returns:
        The value of tag 0x0112 in the first directory; 1 when the block is broken,
        does not hold it or holds a value outside 1..8.
    """
    block = block[len(_HEADER) :] if block.startswith(_HEADER) else block
    order = _byte_order(block[:4])
    if order is None or len(block) < 8:
        return UPRIGHT

    def number(start: int, size: int) -> int:
        return int.from_bytes(block[start : start + size], order)

    directory = number(4, 4)
    first = directory + 2
    stop = min(first + 12 * number(directory, 2), len(block) - 11)
    for entry in range(first, stop, 12):
        if number(entry, 2) == ORIENTATION_TAG:
            size = {_SHORT: 2, _LONG: 4}.get(number(entry + 2, 2), 0)
            value = number(entry + 8, size) if number(entry + 4, 4) == 1 else 0
            return value if 1 <= value <= 8 else UPRIGHT
    return UPRIGHT


def _byte_order(mark: bytes) -> Literal["big", "little"] | None:
    if mark == b"MM\x00*":
        return "big"
    return "little" if mark == b"II*\x00" else None
