"""Drawn cars that no training has seen, as files that a person would send."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tfds_builders.synthetic_cars.scene import paint_scene

COUNT = 6
# The builder's scenes have small seeds.
FIRST_SEED = 1_000_000
HEIGHT_PX, WIDTH_PX = 384, 512
JPEG_QUALITY = 92


def draw_unseen_photos(folder: Path) -> Path:
    """Writes the photos as JPEG files; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(COUNT):
        scene = paint_scene(FIRST_SEED + number, height_px=HEIGHT_PX, width_px=WIDTH_PX)
        path = folder / f"car_{number}.jpg"
        Image.fromarray(scene.image).save(path, quality=JPEG_QUALITY)
    return folder
