"""A whole scene from one number: the picture, its masks and its objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from tfds_builders.synthetic_cars.camera import view_name
from tfds_builders.synthetic_cars.canvas import SUPERSAMPLING, Canvas
from tfds_builders.synthetic_cars.ground import paint_ground, paint_sky, sample_ground
from tfds_builders.synthetic_cars.instances import list_instances
from tfds_builders.synthetic_cars.lens import expose
from tfds_builders.synthetic_cars.light import sample_light
from tfds_builders.synthetic_cars.shadows import paint_shadows
from tfds_builders.synthetic_cars.stage import Stage, Thing, leaves_view
from tfds_builders.synthetic_cars.surroundings import (
    sample_occluders,
    sample_surroundings,
)
from tfds_builders.synthetic_cars.taxonomy import CAR_ID, STREET_IDS
from tfds_builders.synthetic_cars.traffic import as_thing, sample_car, sample_traffic
from tfds_builders.synthetic_cars.viewpoint import sample_camera

MIN_SIDE_PX = 64
# A 3 x 3 tent over the doubled picture, centred on the pixel that the masks take:
# the image is smoothed without moving against its masks.
_TENT = np.array([0.25, 0.5, 0.25], np.float32)


@dataclass(frozen=True)
class Scene:
    """One drawn picture.

    Attributes:
        image: RGB, uint8 [height, width, 3].
        masks: Task -> class ids, uint8 [height, width].
        instances: Records of the objects of all tasks, run lengths included; a car's
            outline, parts and damages share its `instance_id`.
        view: Side of the main car that the camera sees, such as `front_left`.
    """

    image: np.ndarray
    masks: dict[str, np.ndarray]
    instances: list[dict[str, Any]]
    view: str


def paint_scene(seed: int, *, height_px: int = 256, width_px: int = 256) -> Scene:
    """Returns the scene of `seed`; the same arguments give the same bytes.

    Example:
        >>> scene = paint_scene(3, height_px=64, width_px=96)
        >>> scene.image.shape, sorted(scene.masks)
        ((64, 96, 3), ['car', 'damage', 'parts', 'street'])
    """
    for name, value in (("height_px", height_px), ("width_px", width_px)):
        if value < MIN_SIDE_PX:
            raise ValueError(
                f"{name} must be at least {MIN_SIDE_PX}, got {value}; draw larger and"
                " shrink the picture"
            )
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    size = (height_px * SUPERSAMPLING, width_px * SUPERSAMPLING)
    canvas = Canvas(*size, rng)
    light = sample_light(rng)
    main_car = sample_car(rng, light, x=0.0, y=0.0, yaw=0.0)
    camera, azimuth = sample_camera(rng, main_car, size)
    ground = sample_ground(rng)
    stage = Stage(canvas=canvas, camera=camera, light=light, ground=ground, rng=rng)
    _paint(stage, main_car_thing=as_thing(stage, main_car))
    codes, parts, marks = _labels(canvas)
    masks = _masks(canvas, codes, parts, marks)
    smooth = cv2.sepFilter2D(canvas.image, -1, _TENT, _TENT)
    return Scene(
        image=expose(rng, smooth[::SUPERSAMPLING, ::SUPERSAMPLING]),
        masks=masks,
        instances=list_instances(
            codes, masks["parts"], marks, canvas.street_of_code, canvas.mark_of_number
        ),
        view=view_name(azimuth),
    )


def _paint(stage: Stage, *, main_car_thing: Thing) -> None:
    """Paints the ground, the shadows on it, and all things from far to near."""
    paint_sky(stage.canvas, stage.camera, stage.light)
    paint_ground(stage.canvas, stage.camera, stage.light, stage.ground)
    around = sample_traffic(stage) + sample_surroundings(stage)
    around += sample_occluders(stage)
    things = [main_car_thing, *(t for t in around if leaves_view(stage, t))]
    paint_shadows(
        stage.canvas,
        stage.camera,
        stage.light,
        footprints=[t.footprint for t in things if t.footprint is not None],
        bodies=[t.body for t in things if t.body is not None],
    )
    for thing in sorted(things, key=lambda thing: -thing.distance):
        thing.paint()


def _labels(canvas: Canvas) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns codes, parts and damage marks at the picture's size."""
    every = np.s_[::SUPERSAMPLING, ::SUPERSAMPLING]
    codes = canvas.codes[every].copy()
    on_car = _lookup(canvas.street_of_code)[codes] == STREET_IDS["car"]
    parts = np.where(on_car, canvas.parts[every], 0)
    return codes, parts, np.where(on_car, canvas.marks[every], 0)


def _masks(
    canvas: Canvas, codes: np.ndarray, parts: np.ndarray, marks: np.ndarray
) -> dict[str, np.ndarray]:
    street = _lookup(canvas.street_of_code)[codes]
    class_of_mark = {0: 0} | {
        number: mark.class_id for number, mark in canvas.mark_of_number.items()
    }
    return {
        "car": np.where(street == STREET_IDS["car"], CAR_ID, 0).astype(np.uint8),
        "parts": parts,
        "damage": _lookup(class_of_mark)[marks],
        "street": street,
    }


def _lookup(table: dict[int, int]) -> np.ndarray:
    values = np.zeros(256, np.uint8)
    values[list(table)] = list(table.values())
    return values
