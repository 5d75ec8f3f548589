"""Where the camera stands: all around the main car, near enough to fill the frame."""

from __future__ import annotations

import numpy as np

from tfds_builders.synthetic_cars.camera import Camera, look_at
from tfds_builders.synthetic_cars.car_painter import PlacedCar


def sample_camera(
    rng: np.random.Generator, car: PlacedCar, size: tuple[int, int]
) -> tuple[Camera, float]:
    """Draws a camera that has the car large in the frame, and its azimuth.

    The car may be cut by the frame, but its middle is always inside.
    """
    height, width = size
    azimuth = rng.uniform(-np.pi, np.pi)
    focal = rng.uniform(0.95, 1.7) * np.sqrt(height * width)
    eye = rng.uniform(0.8, 2.3) if rng.random() < 0.85 else rng.uniform(2.3, 4.2)
    fraction = rng.uniform(0.58, 1.15)
    target = np.array([0.0, 0.0, 0.5 * car.shape.height])
    middle = (
        width * (0.5 + rng.uniform(-0.42, 0.42)),
        height * (0.5 + rng.uniform(-0.27, 0.36)),
    )
    roll = rng.normal(0, 0.025)
    distance = 7.0
    for _ in range(5):
        ground = np.array([np.cos(azimuth), np.sin(azimuth)]) * distance
        position = np.array([*ground, eye])
        camera = look_at(
            position, target, roll=roll, focal_px=float(focal), centre_px=middle
        )
        pixels, depth = camera.project(car.corners())
        span = np.ptp(pixels[depth > 0.3], axis=0) / [width, height]
        distance = max(distance * float(span.max()) / fraction, 3.9)
    return camera, azimuth
