"""Masks of any size on one small square grid, and back: letterbox with nearest ids."""

from __future__ import annotations

import numpy as np

from components.segmentation_metrics.confusion import VOID_ID
from components.segmentation_metrics.mask_png import MaskIds

GRID_SIDE = 64


def grid_of_mask(mask_ids: MaskIds, side: int = GRID_SIDE) -> MaskIds:
    """Letterboxes a mask into [side, side]; the pad is void.

    Example:
        >>> grid_of_mask(np.array([[1, 2, 3, 4]], np.uint8), side=2)
        array([[  2,   4],
               [255, 255]], dtype=uint8)
    """
    height_px, width_px = mask_ids.shape
    height, width, top, left = _placement(height_px, width_px, side)
    grid = np.full((side, side), VOID_ID, np.uint8)
    rows = _nearest(height, height_px)
    columns = _nearest(width, width_px)
    grid[top : top + height, left : left + width] = mask_ids[np.ix_(rows, columns)]
    return grid


def mask_of_grid(grid: MaskIds, height_px: int, width_px: int) -> MaskIds:
    """Cuts the pad off and enlarges the rest to the photo's size."""
    height, width, top, left = _placement(height_px, width_px, grid.shape[0])
    inside = grid[top : top + height, left : left + width]
    rows, columns = _nearest(height_px, height), _nearest(width_px, width)
    return inside[np.ix_(rows, columns)]


def _placement(height_px: int, width_px: int, side: int) -> tuple[int, int, int, int]:
    scale = min(side / height_px, side / width_px)
    height = min(side, max(1, round(height_px * scale)))
    width = min(side, max(1, round(width_px * scale)))
    return height, width, (side - height) // 2, (side - width) // 2


def _nearest(wanted: int, given: int) -> np.ndarray:
    """For each of `wanted` pixels the one of `given` at its centre."""
    return ((np.arange(wanted) + 0.5) * given / wanted).astype(np.intp)
