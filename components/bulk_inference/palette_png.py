"""Gives a grey PNG of class ids its colours, without touching a pixel.

Grey and palette PNG of 8 bits hold the same data: another colour type in the header
and a palette behind it make one of the other. Encoding anew would take as long as a
fifth of a small network's whole answer.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER_END = 33  # signature 8, length 4, type 4, header 13, checksum 4
_GREY_8_BIT = b"\x08\x00"
_PALETTE_TYPE = b"\x03"


def colour_grey_png(png: bytes, palette: npt.NDArray[np.uint8], software: str) -> bytes:
    """Returns a PNG of the same values, shown in colours.

    Args:
        png: 8-bit grey.
        palette: RGB of each value [256, 3].
        software: Who made it; stands in the file.

    Raises:
        ValueError: It is another kind of PNG, or none.
    """
    header = png[16:29]
    if not png.startswith(_SIGNATURE) or header[8:10] != _GREY_8_BIT:
        raise ValueError(
            f"a mask must be an 8-bit grey PNG, got {len(png)} bytes that start with"
            f" {png[:8]!r}; export the model with serving's signatures"
        )
    coloured = header[:9] + _PALETTE_TYPE + header[10:]
    return b"".join(
        [
            _SIGNATURE,
            _chunk(b"IHDR", coloured),
            _chunk(b"PLTE", palette.tobytes()),
            _chunk(b"tEXt", b"Software\0" + software.encode("latin-1")),
            png[_HEADER_END:],
        ]
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    length = struct.pack(">I", len(content))
    return length + kind + content + struct.pack(">I", checksum)
