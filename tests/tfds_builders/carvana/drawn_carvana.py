"""Draws Kaggle's folder: seeded photos, GIF masks, run lengths and a table of cars."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from tests.tfds_builders.drawn_files import noise_jpeg, write
from tests.tfds_builders.drawn_photos import encode

HEIGHT, WIDTH = 32, 48
CARS = tuple(f"{number:012x}" for number in range(0xA0, 0xA6))
VIEWS = ("01", "02", "16")
KEYS = [f"{car}_{view}" for car in CARS for view in VIEWS]
CAR_LINES = [
    '"id","year","make","model","trim1","trim2"',
    *(
        f'"{car}","201{index}","Kia","Soul {index}","Soul","Base"'
        for index, car in enumerate(CARS)
    ),
]


def photo_jpeg(seed: int = 0, size: tuple[int, int] = (HEIGHT, WIDTH)) -> bytes:
    return noise_jpeg(size, seed)


def drawn_mask(seed: int = 0, size: tuple[int, int] = (HEIGHT, WIDTH)) -> np.ndarray:
    """Returns a car of 0 and 1 that touches both ends of a row and no mirror equals."""
    mask = np.zeros(size, np.uint8)
    mask[size[0] // 3 : size[0] - 3, 5 : size[1] - 9] = 1
    mask[seed % 8, seed % size[1] :] = 1
    mask[seed % 8 + 1, :3] = 1
    return mask


def gif(
    indices: np.ndarray, colours: Sequence[int] = (0, 0, 0, 255, 255, 255)
) -> bytes:
    """Returns a GIF as Carvana's: the indices are the ids."""
    height, width = indices.shape
    image = Image.frombytes("P", (width, height), indices.astype(np.uint8).tobytes())
    image.putpalette(list(colours))
    return encode(image, "GIF", optimize=False)


def plain_runs(mask: np.ndarray) -> str:
    """Returns run lengths by a loop over the pixels, as the competition states them."""
    numbers: list[int] = []
    before = 0
    for place, value in enumerate([*mask.ravel().tolist(), 0], start=1):
        if value and not before:
            numbers += [place]
        elif before and not value:
            numbers += [place - numbers[-1]]
        before = value
    return " ".join(map(str, numbers))


def seed_of(key: str) -> int:
    return sum(key.encode())


def draw_carvana(
    folder: Path,
    keys: Sequence[str] = tuple(KEYS),
    *,
    photos: str = "train",
    gifs: bool = True,
    table: bool = True,
) -> Path:
    """Draws the owner's layout in the order of the keys, test photos included."""
    rows = ["img,rle_mask"]
    for key in keys:
        mask = drawn_mask(seed_of(key))
        write(folder / photos / f"{key}.jpg", photo_jpeg(seed_of(key)))
        rows.append(f"{key}.jpg,{plain_runs(mask)}")
        if gifs:
            write(folder / "train_masks" / f"{key}_mask.gif", gif(mask))
    if table:
        write(folder / "train_masks.csv", ("\n".join(rows) + "\n").encode())
    write(folder / "metadata.csv", ("\n".join(CAR_LINES) + "\n").encode())
    write(folder / "test" / f"{'f' * 12}_01.jpg", photo_jpeg(1))
    write(
        folder / "sample_submission.csv",
        b"img,rle_mask\n" + b"f" * 12 + b"_01.jpg,1 1\n",
    )
    return folder
