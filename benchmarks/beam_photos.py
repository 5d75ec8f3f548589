"""The drawn photos of the Beam benchmark, and folders of some of them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SIZE = (800, 600)  # width, height
DRAWN = 128  # pictures
TAXONOMY_FILE = """\
classes:
  - {id: 0, name: background, rgb: [0, 0, 0]}
  - {id: 1, name: car, rgb: [0, 0, 142]}
"""


def draw_folder(folder: Path, count: int) -> None:
    """Draws photos that compress like photos, and a mask for each."""
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True)
    (folder / "taxonomy.yaml").write_text(TAXONOMY_FILE)
    for index in range(count):
        image = folder / "images" / f"{index:05d}.jpg"
        label = folder / "masks" / f"{index:05d}.png"
        if index >= DRAWN:  # the same pictures again, under other names
            os.link(image.with_stem(f"{index % DRAWN:05d}"), image)
            os.link(label.with_stem(f"{index % DRAWN:05d}"), label)
            continue
        rng = np.random.default_rng(index)
        coarse = rng.integers(0, 256, (SIZE[1] // 8, SIZE[0] // 8, 3), np.uint8)
        photo = Image.fromarray(coarse).resize(SIZE)
        photo.save(image, quality=85)
        mask = Image.new("L", SIZE)
        left, top = (int(value) for value in rng.integers(50, 250, 2))
        ImageDraw.Draw(mask).ellipse((left, top, left + 450, top + 300), fill=1)
        mask.save(label)


def take_some(whole: Path, folder: Path, count: int) -> None:
    """Makes a folder of the first photos of another one, without copying them."""
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True)
        for path in sorted((whole / name).iterdir())[:count]:
            os.link(path, folder / name / path.name)
    (folder / "taxonomy.yaml").write_text(TAXONOMY_FILE)
