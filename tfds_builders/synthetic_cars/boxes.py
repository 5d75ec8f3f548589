"""Box-shaped things of a street: buildings, walls, trucks, buses, containers."""

from __future__ import annotations

import numpy as np

from tfds_builders.synthetic_cars.brush import Brush
from tfds_builders.synthetic_cars.camera import Camera, turn_about_z
from tfds_builders.synthetic_cars.canvas import Canvas
from tfds_builders.synthetic_cars.light import Light

_NEAR_M = 0.4

# A rectangle on a face: left, right, bottom, top as shares 0..1, and a colour.
FaceRect = tuple[float, float, float, float, np.ndarray]


class Box:
    """An upright box on the ground or above it.

    Attributes:
        corners: Ground outline, anticlockwise from above, [4, 2].
        low: Height of the underside.
        high: Height of the top.
    """

    def __init__(
        self,
        *,
        place: tuple[float, float],
        yaw: float,
        size: tuple[float, float],
        low: float,
        high: float,
    ) -> None:
        length, width = size
        half = np.array([[1, -1], [1, 1], [-1, 1], [-1, -1]]) * [length / 2, width / 2]
        self.corners = half @ turn_about_z(yaw)[:2, :2].T + np.asarray(place)
        self.low = low
        self.high = high

    def points(self) -> np.ndarray:
        """Returns the eight corners, [8, 3]."""
        return np.array([(*c, z) for c in self.corners for z in (self.low, self.high)])

    def distance(self, camera: Camera) -> float:
        """Returns the distance from the camera to the nearest corner or edge."""
        samples = np.concatenate(
            [self.corners + (np.roll(self.corners, -1, 0) - self.corners) * t
             for t in (0.0, 0.25, 0.5, 0.75)]
        )  # fmt: skip
        return float(np.hypot(*(samples - camera.position[:2]).T).min())


def paint_box(
    brush: Brush,
    box: Box,
    rgb: np.ndarray,
    code: int,
    *,
    face_rects: list[list[FaceRect]] | None = None,
) -> None:
    """Paints the visible faces, then what is drawn on them.

    `face_rects` lists rectangles for the faces ahead, left, behind, right.
    """
    canvas, camera, light = brush.canvas, brush.camera, brush.light
    if camera.outside(box.points(), canvas.size):
        return
    if camera.position[2] > box.high:
        top = np.array([[(*c, box.high) for c in box.corners]])
        level = _level(light, np.array([0, 0, 1.0]))
        _paint_quads(canvas, camera, top, [rgb * level], code)
    for face in range(4):
        a, b = box.corners[face], box.corners[(face + 1) % 4]
        outward = np.array([(b - a)[1], -(b - a)[0], 0.0])
        outward /= np.linalg.norm(outward)
        if (camera.position[:2] - a) @ outward[:2] <= 0:
            continue
        level = _level(light, outward)
        rects = [(0.0, 1.0, 0.0, 1.0, rgb), *(face_rects or [[]] * 4)[face]]
        quads = _quads_on(a, b, box, np.array([rect[:4] for rect in rects]))
        colours = [rect[4] * level for rect in rects]
        _paint_quads(canvas, camera, quads, colours, code)


def _level(light: Light, normal: np.ndarray) -> np.ndarray:
    return light.shade(normal[None].astype(np.float32))[0]


def _quads_on(a: np.ndarray, b: np.ndarray, box: Box, shares: np.ndarray) -> np.ndarray:
    """Returns the corners [n, 4, 3] of rectangles `shares` [n, 4] on a face."""
    across = shares[:, [0, 1, 1, 0]]
    up = shares[:, [2, 2, 3, 3]]
    ground = a + across[..., None] * (b - a)
    z = box.low + (box.high - box.low) * up
    return np.concatenate([ground, z[..., None]], axis=-1)


def _paint_quads(
    canvas: Canvas,
    camera: Camera,
    quads: np.ndarray,
    colours: list[np.ndarray],
    code: int,
) -> None:
    pixels, depth = camera.project(quads)
    ahead = depth.min(axis=1) >= _NEAR_M
    for i, rgb in enumerate(colours):
        if ahead[i]:
            canvas.fill(pixels[i], rgb, code)
            continue
        clipped = _in_front(quads[i], camera)
        if len(clipped) >= 3:
            canvas.fill(camera.project(clipped)[0], rgb, code)


def _in_front(face: np.ndarray, camera: Camera) -> np.ndarray:
    """Cuts off what lies behind the camera (Sutherland and Hodgman)."""
    depth = (face - camera.position) @ camera.axes[2] - _NEAR_M
    if depth.min() >= 0:
        return face
    kept = []
    for i, point in enumerate(face):
        before = i - 1
        if (depth[i] >= 0) != (depth[before] >= 0):
            share = depth[before] / (depth[before] - depth[i])
            kept.append(face[before] + share * (point - face[before]))
        if depth[i] >= 0:
            kept.append(point)
    return np.array(kept)


def grid_rects(
    columns: int,
    rows: int,
    colours: list[np.ndarray],
    *,
    fill: tuple[float, float] = (0.55, 0.55),
    band: tuple[float, float] = (0.0, 1.0),
) -> list[FaceRect]:
    """Returns a grid of rectangles, `colours` used in turn, row by row.

    `fill` is the share of a cell that its rectangle takes, `band` the height's part
    of the face that the grid covers.
    """
    low, high = band
    rects: list[FaceRect] = []
    for row in range(rows):
        for column in range(columns):
            left = (column + 0.5 - fill[0] / 2) / columns
            bottom = low + (high - low) * (row + 0.5 - fill[1] / 2) / rows
            colour = colours[(row * columns + column) % len(colours)]
            right, top = (
                left + fill[0] / columns,
                bottom + (high - low) * fill[1] / rows,
            )
            rects.append((left, right, bottom, top, colour))
    return rects
