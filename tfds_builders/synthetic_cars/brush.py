"""What every painter of a scene works with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tfds_builders.synthetic_cars.camera import Camera
from tfds_builders.synthetic_cars.canvas import Canvas
from tfds_builders.synthetic_cars.light import Light


@dataclass(frozen=True, kw_only=True)
class Brush:
    """Canvas, camera, light and the random numbers of one scene."""

    canvas: Canvas
    camera: Camera
    light: Light
    rng: np.random.Generator
