"""Trucks and buses: vehicles that are no cars, in the colours of cars."""

from __future__ import annotations

import numpy as np

from tfds_builders.synthetic_cars.boxes import Box, FaceRect, grid_rects, paint_box
from tfds_builders.synthetic_cars.brush import Brush
from tfds_builders.synthetic_cars.car_look import sample_paint

Place = tuple[float, float]


def _pane(grey: float) -> np.ndarray:
    return np.array([grey, grey + 0.02, grey + 0.06])


def paint_truck(
    brush: Brush,
    place: Place,
    yaw: float,
) -> None:
    """A box truck: cab, cargo box, wheels; in car colours."""
    code = brush.canvas.new_object("truck")
    ahead = np.array([np.cos(yaw), np.sin(yaw)])
    length, height = brush.rng.uniform(4.0, 6.5), brush.rng.uniform(2.6, 3.4)
    glass = np.array([0.12, 0.14, 0.17])
    windows: list[list[FaceRect]] = [
        [(0.1, 0.9, 0.5, 0.88, glass), (0.25, 0.75, 0.12, 0.3, glass * 0.4)],
        [(0.1, 0.6, 0.55, 0.88, glass)],
        [],
        [(0.4, 0.9, 0.55, 0.88, glass)],
    ]
    middle = np.asarray(place)
    cab_at = middle + ahead * (length / 2 + 0.95)
    cargo = Box(
        place=(middle[0], middle[1]), yaw=yaw, size=(length, 2.3), low=0.75, high=height
    )
    cab = Box(
        place=(cab_at[0], cab_at[1]), yaw=yaw, size=(1.8, 2.1), low=0.45, high=2.3
    )
    under = Box(
        place=(middle[0], middle[1]), yaw=yaw, size=(length, 1.9), low=0.4, high=0.8
    )
    paint, cab_paint = sample_paint(brush.rng), sample_paint(brush.rng)
    stripes: list[FaceRect] = [(0.0, 1.0, 0.3, 0.45, sample_paint(brush.rng))]
    rects = [[], stripes, [(0.48, 0.52, 0.0, 1.0, paint * 0.5)], stripes]
    parts = [(under, np.full(3, 0.08), None), (cargo, paint, rects)]
    parts.append((cab, cab_paint, windows))
    nearer_cab = cab.distance(brush.camera) < cargo.distance(brush.camera)
    _wheel_row(brush, middle, ahead, [-0.3 * length, length / 2 + 0.9], code)
    for box, rgb, faces in parts if nearer_cab else [parts[2], *parts[:2]]:
        paint_box(brush, box, rgb, code, face_rects=faces)
    _wheel_row(
        brush, middle, ahead, [-0.3 * length, length / 2 + 0.9], code, near_only=True
    )


def paint_bus(
    brush: Brush,
    place: Place,
    yaw: float,
) -> None:
    """A bus: a long box with a band of windows."""
    code = brush.canvas.new_object("bus")
    length = brush.rng.uniform(8.5, 11.5)
    box = Box(place=place, yaw=yaw, size=(length, 2.5), low=0.35, high=3.0)
    glass = [_pane(v) for v in (0.12, 0.2, 0.16)]
    band = grid_rects(7, 1, glass, fill=(0.9, 0.9), band=(0.42, 0.84))
    ends: list[FaceRect] = [(0.06, 0.94, 0.35, 0.88, glass[0])]
    paint = sample_paint(brush.rng)
    skirt: list[FaceRect] = [(0.0, 1.0, 0.0, 0.18, paint * 0.5)]
    faces = [ends, skirt + band, ends, skirt + band]
    paint_box(brush, box, paint, code, face_rects=faces)
    ahead = np.array([np.cos(yaw), np.sin(yaw)])
    axles = [-0.3 * length, 0.3 * length]
    _wheel_row(brush, np.asarray(place), ahead, axles, code, half=1.26, near_only=True)


def _wheel_row(
    brush: Brush,
    middle: np.ndarray,
    ahead: np.ndarray,
    axles: list[float],
    code: int,
    *,
    half: float = 1.05,
    near_only: bool = False,
) -> None:
    left = np.array([-ahead[1], ahead[0]])
    around = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    for side in (1, -1):
        if near_only and (brush.camera.position[:2] - middle) @ left * side < half:
            continue
        for axle in axles:
            for radius, grey in ((0.47, 0.05), (0.25, 0.35)):
                flat = np.outer(np.cos(around) * radius + axle, ahead)
                ring = middle + flat + side * half * left
                z = 0.47 + radius * np.sin(around)
                pixels, depth = brush.camera.project(np.column_stack([ring, z]))
                if depth.min() > 0.4:
                    brush.canvas.fill(pixels, np.full(3, grey), code)
