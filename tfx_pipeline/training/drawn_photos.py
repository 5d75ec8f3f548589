"""Photos that nobody took: they travel with the model to check what serves it."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw

_ORIENTATION_TAG, _TURNED_LEFT = 0x0112, 6
_SHAPES = 6


def draw_photos(seed: int = 0) -> list[bytes]:
    """Returns files of several sizes, formats and pixel kinds, the same for a seed."""
    exif = Image.Exif()
    exif[_ORIENTATION_TAG] = _TURNED_LEFT
    return [
        _encode(_draw(240, 320, seed), "JPEG"),
        _encode(_draw(97, 301, seed + 1), "PNG"),
        _encode(_draw(320, 200, seed + 2), "JPEG", exif=exif),
        _encode(_draw(150, 150, seed + 3).convert("L"), "JPEG"),
        _encode(_draw(64, 48, seed + 4).convert("RGBA"), "PNG"),
    ]


def _draw(height_px: int, width_px: int, seed: int) -> Image.Image:
    """Returns a sky-to-road gradient with a few shapes on it."""
    rng = np.random.default_rng(seed)
    top, bottom = rng.integers(0, 256, (2, 3))
    share = np.linspace(0, 1, height_px)[:, np.newaxis, np.newaxis]
    rows = top * (1 - share) + bottom * share  # [height, 1, 3]
    pixels = np.broadcast_to(rows, (height_px, width_px, 3)).astype(np.uint8)
    picture = Image.fromarray(pixels)
    draw = ImageDraw.Draw(picture)
    for index in range(_SHAPES):
        left, right = sorted(rng.integers(0, width_px, 2).tolist())
        upper, lower = sorted(rng.integers(0, height_px, 2).tolist())
        shape = draw.ellipse if index % 2 else draw.rectangle
        colour = tuple(rng.integers(0, 256, 3).tolist())
        shape((left, upper, right, lower), fill=colour)
    return picture


def _encode(picture: Image.Image, format_name: str, **options: Image.Exif) -> bytes:
    out = io.BytesIO()
    picture.save(out, format=format_name, **options)
    return out.getvalue()
