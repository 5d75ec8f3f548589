"""One car on the canvas: body, wheels, damage and their labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tfds_builders.synthetic_cars import car_parts
from tfds_builders.synthetic_cars.brush import Brush
from tfds_builders.synthetic_cars.camera import turn_about_z
from tfds_builders.synthetic_cars.canvas import Canvas, Mark
from tfds_builders.synthetic_cars.car_look import CarLook
from tfds_builders.synthetic_cars.car_mesh import build_mesh
from tfds_builders.synthetic_cars.car_paint import creased, shade
from tfds_builders.synthetic_cars.car_parts import label_surface
from tfds_builders.synthetic_cars.car_shape import CarShape
from tfds_builders.synthetic_cars.car_view import CarView
from tfds_builders.synthetic_cars.damage import (
    Damage,
    dented,
    paint_damages,
    sample_damages,
)
from tfds_builders.synthetic_cars.g_buffer import Surface, rasterise
from tfds_builders.synthetic_cars.wheels import paint_wheels

_STATIONS_NEAR, _STATIONS_FAR = 44, 20
_FAR_PX = 130


@dataclass(frozen=True, kw_only=True)
class PlacedCar:
    """A car on the ground at (x, y), its nose turned by `yaw` from the x axis."""

    shape: CarShape
    look: CarLook
    x: float
    y: float
    yaw: float
    damage_share: float

    def corners(self) -> np.ndarray:
        """Returns the corners of its box in the scene's frame, [8, 3]."""
        half = np.array([self.shape.length / 2, self.shape.width / 2])
        box = np.array(
            [
                (i * half[0], j * half[1], z)
                for i in (-1, 1)
                for j in (-1, 1)
                for z in (0.0, self.shape.height)
            ]
        )
        return box @ turn_about_z(self.yaw).T + np.array([self.x, self.y, 0.0])


def paint_car(brush: Brush, car: PlacedCar) -> int | None:
    """Paints a car over what is there; returns its code, None if out of the frame."""
    canvas, camera = brush.canvas, brush.camera
    pixels, depth = camera.project(car.corners())
    if depth.min() < 0.3 or camera.outside(car.corners(), canvas.size):
        return None
    far = np.ptp(pixels[:, 0]) < _FAR_PX
    mesh = build_mesh(car.shape, stations=_STATIONS_FAR if far else _STATIONS_NEAR)
    own_camera = camera.seen_from(car.x, car.y, car.yaw)
    margin = int(0.3 * np.ptp(pixels[:, 1])) + 3
    surface = rasterise(mesh, own_camera, canvas.size, margin_px=margin)
    if surface is None or not len(surface.rows):
        return None
    view = CarView(
        shape=car.shape,
        look=car.look,
        camera=own_camera,
        light=brush.light.turned(car.yaw),
        surface=surface,
        skin=label_surface(car.shape, mesh, surface),
    )
    damages = sample_damages(brush.rng, surface, view.skin, share=car.damage_share)
    colours, parts = _paint_window(brush, view, damages)
    code = canvas.new_object("car")
    _paste(canvas, surface, colours, parts, code)
    _paste_marks(canvas, surface, damages, code)
    return code


def _paint_window(
    brush: Brush, view: CarView, damages: list[Damage]
) -> tuple[np.ndarray, np.ndarray]:
    """Returns colours [h, w, 3] and parts [h, w] of the car's window."""
    surface, skin = view.surface, view.skin
    behind = brush.canvas.image[_in_frame(surface)][surface.rows, surface.cols]
    creases = creased(view.shape, surface)
    normals = dented(surface, creases, view.camera, damages)
    shaded = shade(view, normals, behind.astype(np.float32) / 255)
    parts = surface.spread(skin.parts)
    colours = surface.spread(shaded.astype(np.float32))
    _draw_gaps(colours, parts, light_width=len(surface.rows) > 9000)
    paint_damages(brush.rng, colours, damages)
    openings = surface.spread(skin.materials == car_parts.HOLE)
    paint_wheels(view, colours=colours, parts=parts, openings=openings)
    return colours, parts


def _in_frame(surface: Surface) -> tuple[slice, slice]:
    left, top = surface.origin
    height, width = surface.size
    return slice(top, top + height), slice(left, left + width)


def _draw_gaps(colours: np.ndarray, parts: np.ndarray, *, light_width: bool) -> None:
    """Darkens the pixels where one part ends at another, as the gaps do."""
    gap = np.zeros(parts.shape, bool)
    gap[:, 1:] |= (parts[:, 1:] != parts[:, :-1]) & (parts[:, :-1] > 0)
    gap[1:] |= (parts[1:] != parts[:-1]) & (parts[:-1] > 0)
    colours[gap & (parts > 0)] *= 0.45 if light_width else 0.75


def _paste(
    canvas: Canvas, surface: Surface, colours: np.ndarray, parts: np.ndarray, code: int
) -> None:
    window = _in_frame(surface)
    on = parts > 0
    canvas.image[window][on] = np.clip(colours[on] * 255, 0, 255).astype(np.uint8)
    canvas.codes[window][on] = code
    canvas.parts[window][on] = parts[on]
    canvas.marks[window][on] = 0


def _paste_marks(
    canvas: Canvas, surface: Surface, damages: list[Damage], code: int
) -> None:
    for damage in damages:
        number = canvas.new_mark(Mark(class_id=damage.class_id, car_code=code))
        canvas.marks[_in_frame(surface)][damage.mask] = number
