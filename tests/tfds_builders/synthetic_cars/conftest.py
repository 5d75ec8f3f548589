"""Scenes that several tests look at, drawn once."""

import pytest

from tfds_builders.synthetic_cars.scene import Scene, paint_scene

HEIGHT_PX, WIDTH_PX = 72, 96


@pytest.fixture(scope="session")
def scenes() -> list[Scene]:
    return [
        paint_scene(seed, height_px=HEIGHT_PX, width_px=WIDTH_PX) for seed in range(130)
    ]
