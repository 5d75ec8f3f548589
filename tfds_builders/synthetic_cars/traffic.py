"""Cars, trucks and buses of a scene, each in a free place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from tfds_builders.synthetic_cars.boxes import Box
from tfds_builders.synthetic_cars.car_look import sample_look
from tfds_builders.synthetic_cars.car_painter import PlacedCar, paint_car
from tfds_builders.synthetic_cars.car_shape import sample_shape
from tfds_builders.synthetic_cars.large_vehicles import paint_bus, paint_truck
from tfds_builders.synthetic_cars.light import Light
from tfds_builders.synthetic_cars.stage import Stage, Thing

_CAR_ROOM_M, _LARGE_ROOM_M = 5.6, 9.5
_SIDE_ROOM_M = 2.5
_CAMERA_ROOM_M = 4.5
_CAR_SHARE = 0.7


def sample_car(
    rng: np.random.Generator,
    light: Light,
    *,
    x: float,
    y: float,
    yaw: float,
    damage_share: float = 0.6,
) -> PlacedCar:
    """Draws a car for a given place."""
    shape = sample_shape(rng)
    dark = light.kind in ("dusk", "night")
    look = sample_look(rng, spokes=shape.wheel_spokes, dark=dark)
    return PlacedCar(
        shape=shape, look=look, x=x, y=y, yaw=yaw, damage_share=damage_share
    )


def as_thing(stage: Stage, car: PlacedCar) -> Thing:
    """Returns the car as something to paint, with its shadows."""
    corners = car.corners()
    ground = corners * np.array([1.0, 1.0, 0.0])
    middle = np.array([car.x, car.y, 0.0])
    cabin = middle + (corners - middle) * np.array([0.6, 0.6, 1.0])
    waist = corners * np.array([1.0, 1.0, 0.6])
    return Thing(
        place=(car.x, car.y),
        distance=stage.distance((car.x, car.y)),
        reach=0.45 * car.shape.length,
        paint=partial(paint_car, stage, car),
        footprint=middle + (ground - middle) * 0.97,
        body=np.concatenate([cabin, waist]),
    )


def sample_traffic(stage: Stage) -> list[Thing]:
    """Draws the vehicles around the main car, which stands at the origin."""
    rng = stage.rng
    things: list[Thing] = []
    taken = [(0.0, 0.0)]
    for _ in range(int(rng.choice(6, p=[0.14, 0.2, 0.22, 0.2, 0.14, 0.1]))):
        kind = rng.random()
        room = _CAR_ROOM_M if kind < _CAR_SHARE else _LARGE_ROOM_M
        place = _free_place(stage, taken, room)
        if place is None:
            continue
        taken.append(place)
        yaw = rng.normal(0, 0.04) + rng.choice([0.0, np.pi])
        if not stage.ground.is_lot:
            yaw += stage.ground.yaw
        if kind < _CAR_SHARE:
            car = sample_car(rng, stage.light, x=place[0], y=place[1], yaw=float(yaw))
            things.append(as_thing(stage, car))
        elif kind < 0.88:
            things.append(_large(stage, paint_truck, place, yaw, 7.5))
        else:
            things.append(_large(stage, paint_bus, place, yaw, 10.0))
    return things


def _free_place(
    stage: Stage, taken: list[tuple[float, float]], room: float
) -> tuple[float, float] | None:
    """Finds a place apart from others, beyond the main car as a rule."""
    rng, ground = stage.rng, stage.ground
    nearest = stage.distance((0.0, 0.0)) + 0.5
    for _ in range(12):
        if ground.is_lot:
            place = (
                float(rng.choice([0.0, 6.5, -6.5, 13.0, -13.0])),
                2.7 * float(rng.integers(-5, 6)),
            )
        else:
            lane = rng.choice([-1, 1]) * (ground.half_width - 1.7)
            place = ground.place(rng.uniform(-32, 32), lane)
        gap = stage.distance(place)
        before = gap < nearest and rng.random() > 0.2
        if gap < _CAMERA_ROOM_M or before:
            continue
        apart = [(abs(place[0] - x), abs(place[1] - y)) for x, y in taken]
        if all(dx > room or dy > _SIDE_ROOM_M for dx, dy in apart):
            return place
    return None


def _large(
    stage: Stage,
    paint: Callable[..., None],
    place: tuple[float, float],
    yaw: float,
    length: float,
) -> Thing:
    box = Box(place=place, yaw=yaw, size=(length, 2.4), low=0.0, high=2.8)
    points = box.points()
    return Thing(
        place=place,
        distance=stage.distance(place),
        reach=0.5 * length,
        paint=partial(paint, stage, place, yaw),
        footprint=points * np.array([1.0, 1.0, 0.0]),
        body=points,
    )
