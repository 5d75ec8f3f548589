"""Shadows on the ground: the dark under a car and the shade the sun casts."""

from __future__ import annotations

import cv2
import numpy as np

from tfds_builders.synthetic_cars.camera import Camera
from tfds_builders.synthetic_cars.canvas import Canvas, fixed_point
from tfds_builders.synthetic_cars.light import Light

_NEAR_M = 0.3


def paint_shadows(
    canvas: Canvas,
    camera: Camera,
    light: Light,
    *,
    footprints: list[np.ndarray],
    bodies: list[np.ndarray],
) -> None:
    """Darkens the ground that is on the canvas so far.

    Args:
        canvas: Holds sky and ground only.
        camera: In the scene's frame.
        light: In the scene's frame.
        footprints: Outlines on the ground, each [n, 3], dark whatever the sun does.
        bodies: Points of each body that casts a shadow, each [n, 3].
    """
    cast = np.zeros(canvas.size, np.uint8)
    for body in bodies:
        _fill_hull(cast, camera, _dropped(body, light.towards_sun))
    contact = np.zeros(canvas.size, np.uint8)
    for outline in footprints:
        _fill_hull(contact, camera, outline)
    soft = max(3, canvas.size[1] // 60) | 1
    if light.shadow > 0.4:
        blurred = cv2.blur(cast, (3, 3))
    else:
        blurred = cv2.blur(cast, (2 * soft + 1, 2 * soft + 1))
    contact = cv2.blur(contact, (soft, soft))
    keep = (1 - light.shadow / 255 * blurred) * (1 - 0.62 / 255 * contact)
    on = np.flatnonzero(keep.ravel() < 0.999)
    flat = canvas.image.reshape(-1, 3)
    flat[on] = (flat[on] * keep.ravel()[on, None]).astype(np.uint8)


def _dropped(points: np.ndarray, towards_sun: np.ndarray) -> np.ndarray:
    """Returns where the shadows of points [n, 3] fall on the ground."""
    per_height = towards_sun[:2] / max(towards_sun[2], 0.2)
    ground = points[:, :2] - points[:, 2:] * per_height
    return np.concatenate([ground, np.zeros((len(points), 1))], axis=1)


def _fill_hull(mask: np.ndarray, camera: Camera, points: np.ndarray) -> None:
    pixels, depth = camera.project(points)
    seen = pixels[depth > _NEAR_M]
    if len(seen) < 3:
        return
    hull = cv2.convexHull(np.clip(seen, -15000, 15000).astype(np.float32))
    cv2.fillPoly(mask, [fixed_point(hull.reshape(-1, 2))], 255, cv2.LINE_8, 3)
