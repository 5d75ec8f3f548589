"""What the camera sees of a mesh: per pixel the zone, point and normal."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tfds_builders.synthetic_cars.camera import Camera
from tfds_builders.synthetic_cars.car_mesh import Mesh

_NEAR_M = 0.3
_SUBPIXEL_BITS = 4


@dataclass(frozen=True, kw_only=True)
class Surface:
    """The n covered pixels of one car inside a window of the frame.

    Attributes:
        origin: Left and top of the window in the frame.
        size: Height and width of the window.
        rows: Row of each pixel in the window, [n].
        cols: Column of each pixel in the window, [n].
        zones: Zone of the mesh, [n].
        points: Where the pixel's ray meets the body, car's frame, [n, 3].
        normals: Unit outward normals, [n, 3].
        rays: Unit viewing directions, car's frame, [n, 3].
    """

    origin: tuple[int, int]
    size: tuple[int, int]
    rows: np.ndarray
    cols: np.ndarray
    zones: np.ndarray
    points: np.ndarray
    normals: np.ndarray
    rays: np.ndarray

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Returns per-pixel `values` [n, ...] as a window, 0 elsewhere."""
        window = np.zeros((*self.size, *values.shape[1:]), values.dtype)
        window[self.rows, self.cols] = values
        return window


def rasterise(
    mesh: Mesh, camera: Camera, frame_size: tuple[int, int], *, margin_px: int = 0
) -> Surface | None:
    """Returns the visible surface, None where the frame shows nothing of it.

    Quads are drawn from far to near, so a nearly convex body needs no depth buffer.
    The window is `margin_px` larger than the body, for wheels that reach out of it.
    """
    pixels, depth = camera.project(mesh.points)
    keep = _facing(mesh, camera) & (depth.min(axis=1) > _NEAR_M)
    window = _window(pixels[keep], frame_size, margin_px)
    if window is None:
        return None
    left, top, width, height = window
    faces = np.flatnonzero(keep)
    faces = faces[np.argsort(-depth[faces].mean(axis=1), kind="stable")]
    corners = pixels[faces] - np.array([left, top])
    fixed = np.round(np.clip(corners, -9000, 9000) * 2**_SUBPIXEL_BITS)
    index = np.full((height, width), -1, np.int32)
    for order, polygon in enumerate(fixed.astype(np.int32)):
        cv2.fillConvexPoly(index, polygon, order, cv2.LINE_8, _SUBPIXEL_BITS)
    rows, cols = np.nonzero(index >= 0)
    of_pixel = index[rows, cols]
    fit = _plane_fit(corners, mesh.points[faces], mesh.normals[faces])[of_pixel]
    at = np.stack([np.ones(len(rows)), cols, rows], axis=1).astype(np.float32)
    values = np.einsum("nk,nkc->nc", at, fit)
    normals = values[:, 3:]
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-6
    return Surface(
        origin=(left, top),
        size=(height, width),
        rows=rows,
        cols=cols,
        zones=mesh.zones[faces][of_pixel],
        points=values[:, :3],
        normals=normals,
        rays=camera.rays(cols + left, rows + top),
    )


def _facing(mesh: Mesh, camera: Camera) -> np.ndarray:
    diagonals = mesh.points[:, 2:] - mesh.points[:, :2]
    flat = np.cross(diagonals[:, 0], diagonals[:, 1])
    outward = np.sign((flat * mesh.normals.mean(axis=1)).sum(axis=1))
    towards = camera.position - mesh.points.mean(axis=1)
    return (flat * towards).sum(axis=1) * outward > 0


def _window(
    pixels: np.ndarray, frame_size: tuple[int, int], margin_px: int
) -> tuple[int, int, int, int] | None:
    if not len(pixels):
        return None
    height, width = frame_size
    low = np.floor(pixels.reshape(-1, 2).min(axis=0)) - margin_px
    high = np.ceil(pixels.reshape(-1, 2).max(axis=0)) + 1 + margin_px
    left, top = (int(v) for v in np.clip(low, 0, [width, height]))
    right, bottom = (int(v) for v in np.clip(high, 0, [width, height]))
    if right - left < 2 or bottom - top < 2:
        return None
    return left, top, right - left, bottom - top


def _plane_fit(
    corners: np.ndarray, points: np.ndarray, normals: np.ndarray
) -> np.ndarray:
    """Fits points and normals of quads as planes over the picture, [faces, 3, 6].

    The ridge keeps quads that are seen from their edge from running away.
    """
    values = np.concatenate([points, normals], axis=-1)
    middle, mean = corners.mean(axis=1), values.mean(axis=1)
    offsets = corners - middle[:, None]
    spread = np.einsum("fka,fkb->fab", offsets, offsets) + 0.3 * np.eye(2)
    mixed = np.einsum("fka,fkc->fac", offsets, values - mean[:, None])
    a, b, d = spread[:, 0, 0], spread[:, 0, 1], spread[:, 1, 1]
    flipped = np.stack([np.stack([d, -b], 1), np.stack([-b, a], 1)], 1)
    slopes = flipped @ mixed / (a * d - b * b)[:, None, None]
    constant = mean - np.einsum("fa,fac->fc", middle, slopes)
    return np.concatenate([constant[:, None], slopes], axis=1).astype(np.float32)
