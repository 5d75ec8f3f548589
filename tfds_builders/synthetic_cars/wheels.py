"""Wheels, found by following each pixel's ray to tyre and rim."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tfds_builders.synthetic_cars.camera import Camera
from tfds_builders.synthetic_cars.car_look import CarLook
from tfds_builders.synthetic_cars.car_view import CarView
from tfds_builders.synthetic_cars.light import Light
from tfds_builders.synthetic_cars.taxonomy import PART_IDS

_TYRE_WIDTH_M = 0.21


@dataclass(frozen=True, kw_only=True)
class _Wheel:
    """One wheel: the x of its axle, its side (1 left, -1 right) and its outer face."""

    axle_x: float
    side: int
    outer: float
    radius: float


def paint_wheels(
    view: CarView, *, colours: np.ndarray, parts: np.ndarray, openings: np.ndarray
) -> None:
    """Paints the wheels into a car's window, where the body leaves them free.

    Args:
        view: The car.
        colours: [height, width, 3], changed in place.
        parts: Part ids, 0 where nothing is painted yet, changed in place.
        openings: Where the body is open above a wheel, [height, width].
    """
    shape, position = view.shape, view.camera.position
    axles = [shape.front_axle_x, shape.rear_axle_x]
    axles.sort(key=lambda x: -abs(x - position[0]))
    body = parts > 0
    for side in (1, -1) if position[1] < 0 else (-1, 1):
        near = position[1] * side > shape.width / 2
        free = ~body | openings if near else ~body
        for axle_x in axles:
            outer = shape.width / 2 * 0.97 - 0.025
            wheel = _Wheel(
                axle_x=axle_x, side=side, outer=outer, radius=shape.wheel_radius
            )
            _paint_wheel(view, wheel, colours, parts, free)


def _paint_wheel(
    view: CarView,
    wheel: _Wheel,
    colours: np.ndarray,
    parts: np.ndarray,
    free: np.ndarray,
) -> None:
    camera, light, origin = view.camera, view.light, view.surface.origin
    window = _window(camera, origin, parts.shape, wheel)
    if window is None:
        return
    rows, cols = np.mgrid[window]
    rays = camera.rays(cols + origin[0], rows + origin[1])
    start = camera.position.astype(np.float32)
    sideways = np.where(np.abs(rays[..., 1]) < 1e-6, 1e-6, rays[..., 1])
    ahead = (wheel.side * wheel.outer - start[1]) / sideways
    x = start[0] + ahead * rays[..., 0] - wheel.axle_x
    z = start[2] + ahead * rays[..., 2] - wheel.radius
    off = np.hypot(x, z) / wheel.radius
    disc = (off < 1) & (ahead > 0) & (start[1] * wheel.side > wheel.outer)
    tread, up = _tread(start, rays, wheel)
    face = _face_colour(view.look, light, off, np.arctan2(z, x), wheel.side)
    rubber = 0.06 + 0.12 * light.ambient * (1 + up[..., None])
    rubber = rubber * (0.85 + 0.3 * (np.sin(60 * up[..., None]) > 0))
    colour = np.where(disc[..., None], face, rubber)
    on = (disc | tread) & free[window]
    colours[window][on] = colour[on]
    parts[window][on] = PART_IDS["wheel"]


def _tread(
    start: np.ndarray, rays: np.ndarray, wheel: _Wheel
) -> tuple[np.ndarray, np.ndarray]:
    """Returns where rays meet the tyre's tread and how far up the normal points."""
    from_x, from_z = start[0] - wheel.axle_x, start[2] - wheel.radius
    dx, dy, dz = rays[..., 0], rays[..., 1], rays[..., 2]
    a = dx * dx + dz * dz + 1e-9
    b = from_x * dx + from_z * dz
    c = from_x**2 + from_z**2 - wheel.radius**2
    root = b * b - a * c
    ahead = (-b - np.sqrt(np.maximum(root, 0))) / a
    y = (start[1] + ahead * dy) * wheel.side
    hit = (
        (root > 0) & (ahead > 0) & (y < wheel.outer) & (y > wheel.outer - _TYRE_WIDTH_M)
    )
    return hit, (from_z + ahead * dz) / wheel.radius


def _face_colour(
    look: CarLook, light: Light, off: np.ndarray, angle: np.ndarray, side: int
) -> np.ndarray:
    facing = max(0.0, float(light.towards_sun[1]) * side)
    level = (light.ambient * 0.8 + light.sun * facing).astype(np.float32)
    spoke = np.cos(look.spokes * angle + look.wheel_turn) > -0.1 - 0.5 * (0.5 - off)
    rim = (spoke & (off < 0.64)) | ((off > 0.58) & (off < 0.67)) | (off < 0.17)
    sheen = 0.75 + 0.35 * np.sin(angle) + 0.2 * np.cos(2 * angle + 1)
    metal = look.rim_rgb * (sheen[..., None] * level)
    gap = np.where((off < 0.42) & (off > 0.2), 0.16, 0.06)[..., None] * level
    wall = np.where(np.abs(off - 0.86) < 0.02, 0.2, 0.1)[..., None] * level
    wall = wall * (1 + 0.35 * np.sin(angle))[..., None]
    nut = off < 0.06
    face = np.where(rim[..., None], metal, np.where(off[..., None] < 0.67, gap, wall))
    return np.where(nut[..., None], 0.25 * level, face)


def _window(
    camera: Camera, origin: tuple[int, int], size: tuple[int, ...], wheel: _Wheel
) -> tuple[slice, slice] | None:
    corners = np.array(
        [
            (wheel.axle_x + i * wheel.radius, wheel.side * y, z)
            for i in (-1, 1)
            for y in (wheel.outer, wheel.outer - _TYRE_WIDTH_M)
            for z in (0.0, 2 * wheel.radius)
        ]
    )
    pixels, depth = camera.project(corners)
    if depth.min() < 0.3:
        return None
    pixels = pixels - np.asarray(origin)
    limits = [size[1], size[0]]
    left, top = np.clip(np.floor(pixels.min(axis=0)), 0, limits).astype(int)
    right, bottom = np.clip(np.ceil(pixels.max(axis=0)) + 1, 0, limits).astype(int)
    if right <= left or bottom <= top:
        return None
    return slice(top, bottom), slice(left, right)
