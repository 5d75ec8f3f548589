"""The pinhole camera that every object of a scene is projected with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Camera:
    """A pinhole camera; pixel centres lie on whole coordinates.

    Attributes:
        position: Where it stands, metres, z up, [3].
        axes: Unit rows right, down, forward in the same frame, [3, 3].
        focal_px: Focal length in pixels.
        centre_px: Principal point (x, y) in pixels.
    """

    position: np.ndarray
    axes: np.ndarray
    focal_px: float
    centre_px: tuple[float, float]

    def project(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns pixels [..., 2] and depths [...] of points [..., 3]."""
        seen = (points - self.position) @ self.axes.T
        depth = seen[..., 2]
        safe = np.where(np.abs(depth) < 1e-6, 1e-6, depth)
        pixels = seen[..., :2] * (self.focal_px / safe)[..., None]
        return pixels + np.asarray(self.centre_px), depth

    def rays(self, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
        """Returns unit directions [..., 3] (float32) through pixels (xs, ys)."""
        axes = self.axes.astype(np.float32)
        right = ((xs - self.centre_px[0]) / self.focal_px).astype(np.float32)
        down = ((ys - self.centre_px[1]) / self.focal_px).astype(np.float32)
        length = np.sqrt(1 + right * right + down * down)
        sums = right[..., None] * axes[0] + down[..., None] * axes[1] + axes[2]
        return sums / length[..., None]

    def outside(self, points: np.ndarray, frame_size: tuple[int, int]) -> bool:
        """Says whether points [n, 3] all lie behind or all past one edge."""
        pixels, depth = self.project(points)
        if depth.max() <= 0:
            return True
        if depth.min() <= 0:
            return False
        low, high = pixels.min(axis=0), pixels.max(axis=0)
        height, width = frame_size
        return bool((high < 0).any() or (low > [width, height]).any())

    def seen_from(self, x: float, y: float, yaw: float) -> Camera:
        """Returns the same camera in the frame of an object placed at (x, y, yaw)."""
        turn = turn_about_z(yaw)
        return Camera(
            position=(self.position - np.array([x, y, 0.0])) @ turn,
            axes=self.axes @ turn,
            focal_px=self.focal_px,
            centre_px=self.centre_px,
        )


def turn_about_z(yaw: float) -> np.ndarray:
    """Returns the matrix that turns by `yaw` radians, anticlockwise from above."""
    cos, sin = np.cos(yaw), np.sin(yaw)
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])


def look_at(
    position: np.ndarray,
    target: np.ndarray,
    *,
    roll: float,
    focal_px: float,
    centre_px: tuple[float, float],
) -> Camera:
    """Returns the camera at `position` that has `target` at its principal point."""
    forward = (target - position) / np.linalg.norm(target - position)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    cos, sin = np.cos(roll), np.sin(roll)
    axes = np.stack([cos * right + sin * down, cos * down - sin * right, forward])
    return Camera(position=position, axes=axes, focal_px=focal_px, centre_px=centre_px)


def view_name(azimuth: float) -> str:
    """Names the side that a camera sees from `azimuth` (0 ahead, + to the left).

    Example:
        >>> view_name(0.0), view_name(np.pi / 2), view_name(-2.4)
        ('front', 'left', 'rear_right')
    """
    degrees = (np.degrees(azimuth) + 180.0) % 360.0 - 180.0
    side = "left" if degrees > 0 else "right"
    turned = abs(degrees)
    if turned < 18 or turned > 162:
        return "front" if turned < 18 else "rear"
    if 68 < turned < 112:
        return side
    return ("front_" if turned <= 68 else "rear_") + side
