"""Decodes the record's pictures and turns them upright."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

Transpose = Image.Transpose

# EXIF orientation to the turn that makes the picture upright.
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
_PHOTO_FORMATS = ("JPEG", "MPO", "PNG")  # MPO: a JPEG with a second picture behind
_DAMAGE = (  # what Pillow's plugins raise on damaged bytes
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    IndexError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


class BrokenImageError(ValueError):
    """A picture cannot be decoded; its text is the reason, without addresses."""


def decode_photo(data: bytes, orientation: int | None) -> Image.Image:
    """Returns the upright RGB photo of compressed bytes.

    Raises:
        BrokenImageError: The bytes are damaged, or not JPEG or PNG, or the
            orientation is none of 1..8.
    """
    photo = _decode(data, _PHOTO_FORMATS).convert("RGB")
    if orientation in (None, 1):
        return photo
    if orientation not in _TURNS:
        raise BrokenImageError(f"orientation must be 1..8, got {orientation}")
    return photo.transpose(_TURNS[orientation])


def decode_mask(data: bytes) -> Image.Image:
    """Returns the mask of class ids, one byte a pixel.

    Raises:
        BrokenImageError: The bytes are damaged or not an 8-bit one-channel PNG.
    """
    mask = _decode(data, ("PNG",))
    if mask.mode != "L":
        raise BrokenImageError(
            f"a mask must be an 8-bit PNG of one channel, got mode {mask.mode}"
        )
    return mask


def as_array(picture: Image.Image) -> npt.NDArray[np.uint8]:
    """Returns the pixels, [height, width] or [height, width, 3]."""
    return np.asarray(picture, np.uint8)


def _decode(data: bytes, formats: tuple[str, ...]) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data))
        if picture.format not in formats:
            raise BrokenImageError(
                f"the format is {picture.format}; {' or '.join(formats)} is needed"
            )
        picture.load()
    except BrokenImageError:
        raise
    except UnidentifiedImageError as err:
        raise BrokenImageError(f"{len(data)} bytes that are no image") from err
    except _DAMAGE as err:
        raise BrokenImageError(f"{type(err).__name__}: {err}") from err
    return picture
