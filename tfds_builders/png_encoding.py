"""Lossless PNG bytes of pixels; the same pixels give the same bytes."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from tfds_builders.png_structure import PNG_SIGNATURE

# Class ids compress well already; higher levels cost time for little.
_COMPRESS_LEVEL = 1
_GREY = 0


def encode_mask_png(mask_ids: npt.NDArray[np.uint8]) -> bytes:
    """Returns the 8-bit greyscale PNG of class ids.

    Args:
        mask_ids: [height, width] uint8, upright; 255 is void.

    Raises:
        ValueError: When the array has another shape or type.
    """
    _check_pixels("a mask", mask_ids, ndim=2, shape="[height, width]")
    height_px, width_px = mask_ids.shape
    rows = np.zeros((height_px, width_px + 1), np.uint8)  # each begins with its filter
    rows[:, 1:] = mask_ids
    # Pillow tries five filters per row, and none helps class ids: by run lengths alone
    # it takes a third of the time and half of the bytes (benchmarks/builders.py).
    packer = zlib.compressobj(_COMPRESS_LEVEL, strategy=zlib.Z_RLE)
    header = struct.pack(">IIBBBBB", width_px, height_px, 8, _GREY, 0, 0, 0)
    return PNG_SIGNATURE + b"".join(
        _chunk(name, content)
        for name, content in (
            (b"IHDR", header),
            (b"IDAT", packer.compress(rows.tobytes()) + packer.flush()),
            (b"IEND", b""),
        )
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return (
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)
    )


def encode_rgb_png(image_rgb: npt.NDArray[np.uint8]) -> bytes:
    """Returns the 8-bit RGB PNG of a picture [height, width, 3] uint8.

    Raises:
        ValueError: When the array has another shape or type.
    """
    _check_pixels("a photo", image_rgb, ndim=3, shape="[height, width, 3]")
    return write_png(Image.fromarray(image_rgb, mode="RGB"))


def write_png(image: Image.Image) -> bytes:
    """Returns the PNG of a Pillow picture's pixels without any metadata."""
    image.info = {}
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=_COMPRESS_LEVEL)
    return out.getvalue()


def _check_pixels(what: str, array: npt.NDArray[Any], *, ndim: int, shape: str) -> None:
    channels_fit = ndim == 2 or array.shape[-1:] == (3,)
    if (
        array.ndim != ndim
        or array.dtype != np.uint8
        or array.size == 0
        or not channels_fit
    ):
        raise ValueError(
            f"{what} to encode must be uint8 {shape}, got {array.dtype}"
            f" {list(array.shape)}; convert it with astype(np.uint8) or index it"
        )
