"""Shading of a car's visible surface: paint, glass, lamps, chrome and plastic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tfds_builders.synthetic_cars import car_mesh, car_parts
from tfds_builders.synthetic_cars.car_shape import CarShape
from tfds_builders.synthetic_cars.car_view import CarView
from tfds_builders.synthetic_cars.g_buffer import Surface


def creased(shape: CarShape, surface: Surface) -> np.ndarray:
    """Returns the normals [n, 3] with the pressed lines of doors and hood in them."""
    normals = surface.normals.copy()
    x, y, z = surface.points.T
    side = surface.zones == car_mesh.LOWER_SIDE
    belt = shape.belt_z(x)
    for height, depth in ((0.72, 0.3), (0.24, 0.2)):
        off = z - (shape.clearance + height * (belt - shape.clearance)) - 0.02 * x
        press = depth * np.exp(-((off / 0.07) ** 2)) * np.tanh(off / 0.012)
        normals[:, 2] += np.where(side, press, 0)
    hood = (surface.zones == car_mesh.TOP) & (x > shape.cowl_x)
    off = np.abs(y) - 0.3 * shape.width - 0.08 * (x - shape.front_x)
    press = 0.2 * np.exp(-((off / 0.06) ** 2)) * np.sign(y)
    normals[:, 1] += np.where(hood, press, 0)
    return normals / np.linalg.norm(normals, axis=1, keepdims=True)


def shade(view: CarView, normals: np.ndarray, behind: np.ndarray) -> np.ndarray:
    """Returns the colours [n, 3] (0..1) of a surface.

    `behind` [n, 3] is what stood in the picture before the car, for the windows.
    """
    light, rays = view.light, view.surface.rays
    facing = np.clip(-(rays * normals).sum(axis=1), 0, 1)
    bounce = rays + 2 * facing[:, None] * normals
    matte = light.shade(normals)
    ground = 0.32 * (light.ambient + 0.5 * light.sun)
    mirrored = _Mirrored(
        image=light.mirrored(bounce, ground),
        glint=light.glint(bounce, 80.0)[:, None] * light.sun,
        facing=facing,
    )
    colours = _paint(view, normals, matte, mirrored)
    for material, rgb in _flat_colours(view):
        at = np.flatnonzero(view.skin.materials == material)
        if len(at):
            colours[at] = (rgb[at] if rgb.ndim == 2 else rgb) * matte[at]
    _put_glass(view, colours, behind, mirrored)
    _put_shiny(view, colours, mirrored)
    return np.clip(colours, 0, 1)


@dataclass(frozen=True, kw_only=True)
class _Mirrored:
    """What each pixel mirrors: surroundings [n, 3], sun [n, 3], and how frontally."""

    image: np.ndarray
    glint: np.ndarray
    facing: np.ndarray


def _paint(
    view: CarView, normals: np.ndarray, matte: np.ndarray, mirrored: _Mirrored
) -> np.ndarray:
    look, light, height = view.look, view.light, view.surface.points[:, 2]
    base = np.broadcast_to(look.paint_rgb, matte.shape)
    if look.dirt:
        low = np.clip(0.75 - height, 0, 0.6)[:, None] * look.dirt * 1.6
        base = base * (1 - low) + np.array([0.36, 0.31, 0.25], np.float32) * low
    share = look.gloss * (0.13 + 0.6 * (1 - mirrored.facing) ** 3)[:, None]
    towards = np.maximum(normals @ light.towards_sun, 0)[:, None]
    flake = look.metallic * towards**6
    colours = base * (matte * (1 - 0.6 * share) + flake * light.sun * 0.5)
    # The underside of bumpers and sills sees only the shaded road.
    tucked = np.clip((height - 0.15) / 0.4, 0.45, 1)[:, None]
    colours = colours * tucked + share * mirrored.image
    painted: np.ndarray = colours + 0.8 * look.gloss * mirrored.glint
    return painted.astype(np.float32)


def _put_glass(
    view: CarView, colours: np.ndarray, behind: np.ndarray, mirrored: _Mirrored
) -> None:
    at = np.flatnonzero(view.skin.materials == car_parts.GLASS)
    if not len(at):
        return
    shape, points, rays = view.shape, view.surface.points[at], view.surface.rays[at]
    through = _passes_cabin(shape, points, rays)
    dark = 0.05 + 0.04 * (points[:, 2:3] - shape.cowl_z)
    seats = _meets_seats(shape, points, rays)[:, None]
    inside = np.where(seats, 0.5 * dark, dark)
    clear = view.look.glass * (through[:, None] * (1 - 0.8 * seats))
    tint = np.array([0.85, 0.95, 0.92], np.float32)
    share = (0.22 + 0.6 * (1 - mirrored.facing[at]) ** 2)[:, None]
    inner = inside * (1 - clear) + clear * behind[at] * tint
    outer = share * mirrored.image[at] + 0.9 * mirrored.glint[at]
    colours[at] = inner * (1 - share) + outer


def _passes_cabin(shape: CarShape, points: np.ndarray, rays: np.ndarray) -> np.ndarray:
    """Says which rays leave the cabin through another window."""
    half = 0.42 * shape.width
    low, high = shape.cowl_z + 0.06, shape.height - 0.16
    ahead = (np.sign(rays[:, 1]) * half - points[:, 1]) / (rays[:, 1] + 1e-6)
    x = points[:, 0] + ahead * rays[:, 0]
    z = points[:, 2] + ahead * rays[:, 2]
    span = (shape.roof_rear_x - 0.1, shape.roof_front_x + 0.15)
    sideways = (z > low) & (z < high) & (x > span[0]) & (x < span[1])
    target = np.where(rays[:, 0] < 0, shape.roof_rear_x - 0.2, shape.roof_front_x + 0.2)
    ahead = (target - points[:, 0]) / (rays[:, 0] + 1e-6)
    y = points[:, 1] + ahead * rays[:, 1]
    z = points[:, 2] + ahead * rays[:, 2]
    lengthwise = (ahead > 0) & (np.abs(y) < half - 0.1) & (z > low) & (z < high)
    return sideways | lengthwise


def _meets_seats(shape: CarShape, points: np.ndarray, rays: np.ndarray) -> np.ndarray:
    """Says which rays meet a headrest or a seat's back."""
    _, middle, _ = shape.door_x
    met = np.zeros(len(points), bool)
    for seat_x in (middle + 0.12, middle - 0.75):
        for seat_y in (0.36, -0.36):
            ahead = (seat_x - points[:, 0]) / (rays[:, 0] + 1e-6)
            lateral = (seat_y - points[:, 1]) / (rays[:, 1] + 1e-6)
            ahead = np.where(np.abs(rays[:, 0]) > np.abs(rays[:, 1]), ahead, lateral)
            hit = points + ahead[:, None] * rays
            off = np.hypot(hit[:, 0] - seat_x, hit[:, 1] - seat_y)
            top = shape.cowl_z + 0.27
            low = (hit[:, 2] < top - 0.2) & (off < 0.24)
            met |= (ahead > 0) & (low | ((hit[:, 2] < top) & (off < 0.13)))
    return met


def _flat_colours(view: CarView) -> list[tuple[int, np.ndarray]]:
    y, z = view.surface.points[:, 1], view.surface.points[:, 2]
    bars = np.sin(z * 2 * np.pi / 0.055) > 0.35
    if view.shape.light_style > 0.6:
        bars |= np.sin(y * 2 * np.pi / 0.07) > 0.5
    grille = np.where(bars, view.look.trim, 0.03)[:, None] * np.ones(3, np.float32)
    # Seven glyphs of strokes that differ from one to the next, no text to be read.
    cell = np.floor(y / 0.058)
    inside = np.abs(y / 0.058 - cell - 0.5) < 0.33
    stroke = np.sin(37 * y + 5 * cell) + np.sin(140 * z + 7 * cell) > -0.35
    text = (
        inside & stroke & (np.abs(y) < 0.2) & (view.skin.materials == car_parts.PLATE)
    )
    plate = np.where(text[:, None], 0.12, view.look.plate_rgb)
    return [
        (car_parts.PLASTIC, np.full(3, 0.085)),
        (car_parts.GRILLE, grille),
        (car_parts.PLATE, plate),
        (car_parts.HOLE, np.full(3, 0.025)),
    ]


def _put_shiny(view: CarView, colours: np.ndarray, mirrored: _Mirrored) -> None:
    materials, image, glint = view.skin.materials, mirrored.image, mirrored.glint
    chrome = materials == car_parts.CHROME
    colours[chrome] = 0.15 + 0.75 * image[chrome] + glint[chrome]
    burning = {car_parts.LAMP: [1.0, 0.97, 0.85], car_parts.RED_LAMP: [1.0, 0.2, 0.14]}
    resting = {
        car_parts.LAMP: [0.66, 0.68, 0.7],
        car_parts.RED_LAMP: [0.68, 0.05, 0.06],
    }
    lit = view.look.lights_on
    for lamp in (car_parts.LAMP, car_parts.RED_LAMP):
        at = materials == lamp
        share = (0.09 + 0.3 * (1 - mirrored.facing[at]) ** 2)[:, None]
        level = 1.0 if lit else 0.45 + 0.5 * image[at].mean(axis=1)[:, None]
        own = np.array((burning if lit else resting)[lamp]) * level
        colours[at] = own + share * image[at] + glint[at]
