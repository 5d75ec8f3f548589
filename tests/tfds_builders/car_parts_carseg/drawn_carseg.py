"""Draws the owner's layout: arrays, overlays, landscapes, a README."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from tests.tfds_builders.drawn_files import write

HEIGHT, WIDTH = 48, 64
VALUES = (10, 20, 30, 40, 50, 60, 70, 80)
# How the owner paints the parts, from 10 to 80.
OVERLAY_RGB = {
    10: (250, 149, 10),
    20: (19, 98, 19),
    30: (249, 249, 10),
    40: (10, 248, 250),
    50: (149, 7, 149),
    60: (5, 249, 9),
    70: (20, 19, 249),
    80: (249, 9, 250),
}
NAMES = [
    *[f"photo_{number:04d}" for number in (1, 2, 30, 31, 32, 33, 34, 35, 36)],
    *[f"black_5_doors_{number:04d}" for number in range(1, 6)],
    *[f"orange_3_doors_{number:04d}" for number in range(1, 5)],
]


def part_values() -> np.ndarray:
    """Returns a car of 90 with the eight parts as tiles of 10 x 12 pixels on it."""
    values = np.zeros((HEIGHT, WIDTH), np.uint8)
    values[4:44, 2:62] = 90
    for index, value in enumerate(VALUES):
        row, column = divmod(index, 4)
        top, left = 6 + 18 * row, 4 + 15 * column
        values[top : top + 10, left : left + 12] = value
    return values


def photo_rgb(name: str) -> np.ndarray:
    """Returns grey noise of low saturation, another for each name."""
    noise = np.random.default_rng(sum(name.encode())).integers(
        60, 100, (HEIGHT, WIDTH, 1), np.uint8
    )
    return np.repeat(noise, 3, axis=2)


def carseg_array(name: str, values: np.ndarray | None = None) -> np.ndarray:
    parts = part_values() if values is None else values
    return np.concatenate([photo_rgb(name), parts[..., None]], axis=2)


def overlay_rgb(name: str, values: np.ndarray | None = None) -> np.ndarray:
    """Returns the photo with its parts painted over, as in `with_segmentation`."""
    painted = photo_rgb(name)
    parts = part_values() if values is None else values
    for value, rgb in OVERLAY_RGB.items():
        painted[parts == value] = rgb
    return painted


def npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=True)
    return out.getvalue()


def jpeg(rgb: np.ndarray, quality: int = 95) -> bytes:
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue()


def pickled(path: Path) -> bytes:
    """Returns a pickle that writes a file when it is loaded."""

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str, str]]:
            return open, (str(path), "w")

    return pickle.dumps(Trap())


def draw_carseg(folder: Path, names: Iterable[str] = NAMES) -> Path:
    """Draws the whole layout; the number is the end of a name."""
    write(folder / "README", b"class table and test ids")
    write(folder / "arrays/.DS_Store", b"")
    for name in names:
        kind, _, digits = name.rpartition("_")
        write(folder / f"arrays/{name}.npy", npy(carseg_array(name)))
        images = folder / "images" / kind
        write(images / f"no_segmentation/{digits}.jpg", jpeg(photo_rgb(name)))
        write(images / f"with_segmentation/{digits}.jpg", jpeg(overlay_rgb(name)))
    for number in (2, 1):
        write(folder / f"images/landscapes/{number:04d}.jpg", jpeg(photo_rgb("x")))
    write(folder / "images/landscapes/list.txt", b"")
    return folder
