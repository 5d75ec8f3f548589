"""What stands beside the road and before the main car: houses, plants, people."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from tfds_builders.synthetic_cars import street_things
from tfds_builders.synthetic_cars.boxes import Box
from tfds_builders.synthetic_cars.stage import Stage, Thing

_ROW_M = 70.0
_OCCLUDED_SHARE = 0.45


def sample_surroundings(stage: Stage) -> list[Thing]:
    """Draws both sides of the road, as far as the camera does not stand there."""
    things: list[Thing] = []
    rng, ground = stage.rng, stage.ground
    edge = ground.half_width + ground.sidewalk
    position = stage.camera.position
    _, camera_across = ground.locate(position[0], position[1])
    for side in (-1, 1):
        if side * float(camera_across) > edge - 1.0:
            continue
        things += _house_row(stage, side * edge)
        for _ in range(int(rng.integers(0, 5))):
            across = side * (ground.half_width + rng.uniform(0.4, ground.sidewalk + 1))
            place = ground.place(rng.uniform(-30, 30), across)
            things.append(_street_thing(stage, place))
    return things


def sample_occluders(stage: Stage) -> list[Thing]:
    """Draws what hides a piece of the main car, in some of the scenes."""
    rng, position = stage.rng, stage.camera.position[:2]
    if rng.random() > _OCCLUDED_SHARE:
        return []
    things = []
    sideways = np.array([position[1], -position[0]]) / np.hypot(*position)
    for _ in range(1 if rng.random() < 0.8 else 2):
        share = rng.uniform(0.4, 0.65)
        at = position * (1 - share) + sideways * rng.uniform(-2, 2)
        things.append(_street_thing(stage, (float(at[0]), float(at[1]))))
    return things


def _house_row(stage: Stage, edge: float) -> list[Thing]:
    """A row of houses, walls and gaps along the road, some plants before it."""
    things: list[Thing] = []
    paint: Callable[[Stage, Box], None]
    rng, ground = stage.rng, stage.ground
    side = np.sign(edge)
    open_country = rng.random() < 0.25
    along = -_ROW_M
    while along < _ROW_M:
        length = rng.uniform(7, 20)
        kind = rng.random() * (0.45 if open_country else 1.0)
        middle = along + length / 2
        if kind < 0.16:
            place = ground.place(middle, edge + side * 0.4)
            high = rng.uniform(1.2, 2.2)
            paint = street_things.paint_wall
            things.append(_boxed(stage, paint, place, (length, 0.3), high))
        elif kind > 0.3:
            place = ground.place(middle, edge + side * rng.uniform(4, 7))
            high = rng.uniform(4, 16)
            paint = street_things.paint_building
            things.append(_boxed(stage, paint, place, (length, 8.0), high))
        if rng.random() < 0.45:
            at = ground.place(along + rng.uniform(0, length), edge - side * 0.2)
            things.append(_plant(stage, at))
        along += length + (rng.uniform(0, 8) if rng.random() < 0.4 else 0.0)
    return things


def _boxed(
    stage: Stage,
    paint: Callable[..., None],
    place: tuple[float, float],
    size: tuple[float, float],
    high: float,
) -> Thing:
    box = Box(
        place=place,
        yaw=stage.ground.yaw,
        size=size,
        low=0.0,
        high=high,
    )
    # Houses stand behind all that stands on the street, whatever is nearer by metres.
    return Thing(
        place=(0.0, 0.0),
        reach=0.0,
        distance=1000 + box.distance(stage.camera),
        paint=partial(paint, stage, box),
    )


def _plant(stage: Stage, place: tuple[float, float]) -> Thing:
    is_tree = bool(stage.rng.random() < 0.5)
    return Thing(
        place=place,
        distance=stage.distance(place),
        reach=0.9 if is_tree else 1.2,
        paint=partial(street_things.paint_plant, stage, place, is_tree=is_tree),
    )


def _street_thing(stage: Stage, place: tuple[float, float]) -> Thing:
    kind = stage.rng.random()
    paint: Callable[[], object]
    if kind < 0.3:
        sign = bool(stage.rng.random() < 0.6)
        reach = 0.15
        paint = partial(street_things.paint_pole, stage, place, has_sign=sign)
    elif kind < 0.5:
        return _plant(stage, place)
    elif kind < 0.72:
        reach = 0.3
        paint = partial(street_things.paint_person, stage, place)
    else:
        yaw = stage.rng.uniform(0, np.pi)
        size = street_things.sample_obstacle_size(stage.rng)
        reach = 0.6 * max(size[:2])
        paint = partial(street_things.paint_obstacle, stage, place, yaw, size)
    return Thing(place=place, distance=stage.distance(place), reach=reach, paint=paint)
