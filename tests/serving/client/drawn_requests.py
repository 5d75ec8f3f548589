"""Photos for the stub server, drawn from a seed."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image


def draw_photo(seed: int, height: int = 24, width: int = 40) -> Image.Image:
    """Returns dark noise with a red and a blue rectangle somewhere."""
    random = np.random.default_rng(seed)
    rgb = random.integers(0, 30, (height, width, 3), np.uint8)
    for channel in (0, 2):
        top, left = (int(random.integers(0, size // 2)) for size in (height, width))
        rgb[top : top + height // 3, left : left + width // 3, channel] = 220
    return Image.fromarray(rgb)


def encode(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo_bytes(seed: int, height: int = 24, width: int = 40) -> bytes:
    return encode(draw_photo(seed, height, width))
