"""Writes the files of drawn data folders, and the noise photos in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.tfds_builders.drawn_photos import encode


def write(path: Path, content: Any) -> Path:
    """Writes bytes as they are and all else as JSON, with the folders above."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    path.write_bytes(data)
    return path


def noise_jpeg(size: tuple[int, int], seed: int = 0, **options: Any) -> bytes:
    """Returns a photo of noise [height, width], so that no two seeds look alike."""
    rgb = np.random.default_rng(seed).integers(0, 256, (*size, 3), np.uint8)
    return encode(Image.fromarray(rgb), "JPEG", **options)


def turned_noise_jpeg(size: tuple[int, int], orientation: int, seed: int = 0) -> bytes:
    """Returns a photo of noise whose EXIF tag says how it was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return noise_jpeg(size, seed, exif=exif)
