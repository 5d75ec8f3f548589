"""The body of a car as a mesh of small quads, each in a named zone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tfds_builders.synthetic_cars.car_shape import CarShape

# Zones: where on the body a quad lies; the parts are drawn on the zones.
LOWER_SIDE, UPPER_SIDE, TOP, NOSE, TAIL, LEFT_MIRROR, RIGHT_MIRROR = range(7)

_LOWER, _UPPER, _ACROSS = 6, 4, 6  # quads per half section in each zone


@dataclass(frozen=True, kw_only=True)
class Mesh:
    """Quads in the car's frame.

    Attributes:
        points: Corners, [faces, 4, 3].
        normals: Unit outward normals at the corners, [faces, 4, 3].
        zones: Zone of each quad, [faces].
        gutter: Along the body x, height and half width of the windows' upper edge,
            [stations, 3], x rising.
    """

    points: np.ndarray
    normals: np.ndarray
    zones: np.ndarray
    gutter: np.ndarray


def build_mesh(shape: CarShape, *, stations: int = 44) -> Mesh:
    """Returns the body's mesh; fewer `stations` for a car seen from afar."""
    line = _resampled(shape.roof_line(), stations)
    half, gutter = _half_sections(shape, line)
    left = half
    right = half[:, ::-1][:, 1:] * np.array([1.0, -1.0, 1.0])
    shell = np.concatenate([left, right], axis=1)
    rows = _LOWER + _UPPER
    zone_row = [LOWER_SIDE] * _LOWER + [UPPER_SIDE] * _UPPER + [TOP] * _ACROSS
    grids = [
        (_bent(shape, shell), np.array(zone_row + zone_row[::-1])),
        (_bent(shape, _cap(half[0], rows)), np.full(10, NOSE)),
        (_bent(shape, _cap(half[-1], rows)), np.full(10, TAIL)),
        (_mirror(shape, 1), np.full(8, LEFT_MIRROR)),
        (_mirror(shape, -1), np.full(8, RIGHT_MIRROR)),
    ]
    quads = [_quads(grid, zones) for grid, zones in grids]
    return Mesh(
        points=np.concatenate([points for points, _, _ in quads]),
        normals=np.concatenate([normals for _, normals, _ in quads]),
        zones=np.concatenate([zones for _, _, zones in quads]),
        gutter=gutter[::-1],
    )


def _resampled(line: np.ndarray, count: int) -> np.ndarray:
    """Returns `count` points along a line [n, 2], denser where it falls steeply."""
    steps = np.hypot(*(np.diff(line, axis=0) * [1.0, 1.4]).T)
    at = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, at[-1], count)
    return np.stack([np.interp(wanted, at, line[:, i]) for i in (0, 1)], axis=1)


def _half_sections(shape: CarShape, line: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns left half sections [stations, rows, 3], sill to middle, and gutters."""
    x, top = line[:, 0], line[:, 1]
    round_off = np.clip((top - shape.nose_z) * 0.22, 0.035, 0.075)
    gutter_z = top - round_off
    belt_z = np.minimum(shape.belt_z(x), gutter_z - 0.02)
    half = shape.half_width(x)
    # The ends rise, so that the wheels show from ahead and from behind.
    to_end = np.clip((np.abs(x) - shape.length / 2 + 0.6) / 0.45, 0, 1)
    sill = shape.clearance + np.where(x > 0, 0.05, 0.13) * to_end
    down = np.linspace(0, 1, _LOWER + 1)
    lower_z = sill[:, None] + (belt_z - sill)[:, None] * down
    middle = shape.clearance + 0.55 * (belt_z - sill)[:, None]
    bulge = 1 - 0.16 * ((lower_z - middle) / shape.height) ** 2 * 4
    lower_y = half[:, None] * bulge
    up = np.linspace(0, 1, _UPPER + 1)[1:]
    upper_z = belt_z[:, None] + (gutter_z - belt_z)[:, None] * up
    lean = shape.tumble * (upper_z - belt_z[:, None])
    upper_y = lower_y[:, -1:] - lean - 0.02 * up
    across = np.linspace(1, 0, _ACROSS + 1)[1:]
    top_y = upper_y[:, -1:] * across
    top_z = top[:, None] - round_off[:, None] * across**3
    y = np.concatenate([lower_y, upper_y, top_y], axis=1)
    z = np.concatenate([lower_z, upper_z, top_z], axis=1)
    sections = np.stack([np.broadcast_to(x[:, None], y.shape), y, z], axis=-1)
    return sections, np.stack([x, gutter_z, upper_y[:, -1]], axis=1)


def _cap(half: np.ndarray, rows: int) -> np.ndarray:
    """Returns the grid [rows + 1, 13, 3] that closes an end section."""
    edge = half[: rows + 1]
    share = np.linspace(1, -1, 13)
    y = edge[:, 1:2] * share
    z = np.broadcast_to(edge[:, 2:3], y.shape).copy()
    z[-1] = half[-1, 2] - (half[-1, 2] - edge[-1, 2]) * np.abs(share) ** 3
    x = np.full_like(y, half[0, 0])
    return np.stack([x, y, z], axis=-1)


def _bent(shape: CarShape, points: np.ndarray) -> np.ndarray:
    """Draws the corners of the bumpers back and leans the ends."""
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    near_end = np.clip(1 - (shape.length / 2 - np.abs(x)) / 0.9, 0, 1)
    sideways = np.abs(y) / (shape.width / 2)
    back = shape.bow * sideways**2.4 + 0.14 * np.abs(z - 0.5) ** 1.5
    return np.stack([x - np.sign(x) * near_end**2 * back, y, z], axis=-1)


def _mirror(shape: CarShape, side: int) -> np.ndarray:
    """Returns the grid of one outside mirror, a rounded box."""
    centre = np.array(
        [
            shape.door_x[0] - 0.18,
            side * (shape.width / 2 * 0.96 + 0.045),
            shape.belt_z(np.array(shape.cowl_x)) + 0.06,
        ]
    )
    size = np.array([0.075, 0.125, 0.085])
    polar, around = np.meshgrid(
        np.linspace(0.02, np.pi - 0.02, 7), np.linspace(0, 2 * np.pi, 9)
    )
    unit = np.stack(
        [np.sin(polar) * np.cos(around), np.cos(polar), np.sin(polar) * np.sin(around)],
        axis=-1,
    )
    return centre + size * np.sign(unit) * np.abs(unit) ** 0.7


def _quads(
    grid: np.ndarray, zone_of_cell: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cuts a grid [a, b, 3] into quads; `zone_of_cell` runs along one grid axis."""
    normals = np.cross(np.gradient(grid, axis=0), np.gradient(grid, axis=1))
    centre = grid.reshape(-1, 3).mean(axis=0)
    outward = grid - centre * np.array([1.0, 1.0, 0.95])
    if (normals * outward).sum() < 0:
        normals = -normals
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True) + 1e-9
    corners = [np.s_[:-1, :-1], np.s_[1:, :-1], np.s_[1:, 1:], np.s_[:-1, 1:]]
    points = np.stack([grid[c] for c in corners], axis=2)
    corner_normals = np.stack([normals[c] for c in corners], axis=2)
    cells = points.shape[:2]
    zones = zone_of_cell.reshape(1, -1)
    if zone_of_cell.size != cells[1]:
        zones = zone_of_cell.reshape(-1, 1)
    return (
        points.reshape(-1, 4, 3),
        corner_normals.reshape(-1, 4, 3),
        np.broadcast_to(zones, cells).reshape(-1),
    )
