"""Draws a user's folder: seeded photos, masks of known ids and a taxonomy.yaml."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from tests.tfds_builders.drawn_files import noise_jpeg, turned_noise_jpeg, write
from tests.tfds_builders.drawn_photos import encode

TAXONOMY = """\
classes:
  - {id: 0, name: background, rgb: [0, 0, 0]}
  - {id: 1, name: car, rgb: [200, 0, 0]}
  - {id: 2, name: wheel, rgb: [0, 0, 200]}
"""
COLOURS = np.array([[0, 0, 0], [200, 0, 0], [0, 0, 200]], np.uint8)
HEIGHT, WIDTH = 12, 20


def png(array: np.ndarray) -> bytes:
    return encode(Image.fromarray(array), "PNG")


def photo_jpeg(seed: int = 0, size: tuple[int, int] = (HEIGHT, WIDTH)) -> bytes:
    return noise_jpeg(size, seed)


def turned_jpeg(orientation: int, size: tuple[int, int] = (HEIGHT, WIDTH)) -> bytes:
    return turned_noise_jpeg(size, orientation, seed=7)


def mask_ids(seed: int = 0, size: tuple[int, int] = (HEIGHT, WIDTH)) -> np.ndarray:
    """Returns ids 0..2 that look different after every turn and flip."""
    ids = np.zeros(size, np.uint8)
    ids[1 : size[0] // 2, 2 : size[1] - 3] = 1
    ids[size[0] // 2 :, :3] = 2
    ids[0, seed % size[1]] = 2
    return ids


def palette_image(indices: np.ndarray, colours: list[tuple[int, ...]]) -> Image.Image:
    image = Image.fromarray(indices.astype(np.uint8)).convert("L")
    image = Image.frombytes("P", image.size, image.tobytes())
    image.putpalette([channel for colour in colours for channel in colour])
    return image


def low_bit_png(samples: np.ndarray, bits: int) -> bytes:
    """Returns a grey PNG of 1, 2 or 4 bits per sample, which Pillow cannot write."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    height, width = samples.shape
    padding = (-width * bits) % 8
    rows = b"".join(
        b"\0"
        + int(
            "".join(f"{value:0{bits}b}" for value in row) + "0" * padding, 2
        ).to_bytes((width * bits + padding) // 8, "big")
        for row in samples
    )
    head = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def draw_pair(folder: Path, name: str, seed: int = 0) -> None:
    write(folder / "images" / f"{name}.jpg", photo_jpeg(seed))
    write(folder / "masks" / f"{name}.png", png(mask_ids(seed)))


def draw_folder(folder: Path, names: list[str], taxonomy: str = TAXONOMY) -> Path:
    """Draws a photo and a mask per name in the order given, and taxonomy.yaml."""
    write(folder / "taxonomy.yaml", taxonomy.encode())
    for name in names:
        draw_pair(folder, name, seed=sum(name.encode()))
    return folder
