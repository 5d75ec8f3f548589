"""One car as the camera sees it, all in the car's own frame."""

from __future__ import annotations

from dataclasses import dataclass

from tfds_builders.synthetic_cars.camera import Camera
from tfds_builders.synthetic_cars.car_look import CarLook
from tfds_builders.synthetic_cars.car_parts import Skin
from tfds_builders.synthetic_cars.car_shape import CarShape
from tfds_builders.synthetic_cars.g_buffer import Surface
from tfds_builders.synthetic_cars.light import Light


@dataclass(frozen=True, kw_only=True)
class CarView:
    """A car's measures and finish, what the camera sees of it, and the light on it."""

    shape: CarShape
    look: CarLook
    camera: Camera
    light: Light
    surface: Surface
    skin: Skin
