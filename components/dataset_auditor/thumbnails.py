"""Draws a record small for the page: the photo with its mask in class colours."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.example_reader import (
    first_bytes,
    first_int,
    read_example,
)
from components.dataset_auditor.upright_image import (
    BrokenImageError,
    as_array,
    decode_mask,
    decode_photo,
)

_SIDE_PX = 220
_OPACITY = 0.5
_VOID_RGB = (255, 255, 255)
_UNKNOWN_RGB = (255, 0, 255)  # no taxonomy of ours uses it, and nobody overlooks it


def draw_thumbnail(serialized: bytes, *, task: str, table: ClassTable) -> str:
    """Returns a JPEG as base64 text, `''` where the photo cannot be decoded.

    Void is white, an id outside the taxonomy magenta, background as photographed.
    """
    try:
        features = read_example(serialized)
        photo = decode_photo(
            first_bytes(features, "image") or b"", first_int(features, "orientation")
        )
    except ValueError:  # BrokenImageError is one
        return ""
    photo.thumbnail((_SIDE_PX, _SIDE_PX))
    try:
        mask = decode_mask(first_bytes(features, f"mask/{task}") or b"")
    except BrokenImageError:
        return _encode(photo)
    return _encode(overlay_mask(photo, mask, table))


def overlay_mask(
    photo: Image.Image, mask: Image.Image, table: ClassTable
) -> Image.Image:
    """Blends the mask's colours into the photo, at the photo's size."""
    mask_ids = as_array(mask.resize(photo.size, Image.Resampling.NEAREST))
    colours = np.full((256, 3), _UNKNOWN_RGB, np.uint8)
    opacity = np.full(256, _OPACITY, np.float32)
    for class_id, rgb in table.rgb.items():
        colours[class_id] = rgb
    colours[table.void_id] = _VOID_RGB
    if table.background_id is not None:
        opacity[table.background_id] = 0
    weight = opacity[mask_ids][:, :, None]
    mixed = as_array(photo) * (1 - weight) + colours[mask_ids] * weight
    return Image.fromarray(mixed.round().astype(np.uint8))


def _encode(photo: Image.Image) -> str:
    stream = io.BytesIO()
    # A new picture of the pixels: Pillow would copy a JPEG comment along.
    Image.fromarray(as_array(photo)).save(stream, "JPEG", quality=72)
    return base64.b64encode(stream.getvalue()).decode("ascii")
