"""Polygons in pixel coordinates as masks, by the centres of the pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Polygon = Sequence[Sequence[float]]


def polygon_area(polygon: Polygon) -> float:
    """Returns the area that the corners (x, y) enclose, in square pixels.

    Example:
        >>> polygon_area([(0, 0), (4, 0), (4, 2), (0, 2)])
        8.0
    """
    x, y = np.asarray(polygon, np.float64).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def fill_polygon(
    polygon: Polygon, *, height_px: int, width_px: int
) -> npt.NDArray[np.bool_]:
    """Returns the mask [height, width] of the pixels whose centre lies inside.

    The pixel in column 0 reaches from x = 0 to 1, so a rectangle from 2 to 5 is three
    pixels wide. (OpenCV and Pillow also paint the outline, half a pixel too much on
    every side, which doubles a thin scratch.) What reaches over the picture is cut
    off; where a polygon crosses itself, the rule is even-odd.

    Args:
        polygon: Corners (x, y), at least three; the last may repeat the first.
        height_px: Height of the mask.
        width_px: Width of the mask.

    Raises:
        ValueError: Fewer than three corners, or coordinates that are no numbers.

    Example:
        >>> fill_polygon(
        ...     [(1, 0), (9, 0), (9, 1), (1, 1)], height_px=2, width_px=3
        ... ).tolist()
        [[False, True, True], [False, False, False]]
    """
    corners = _corners(polygon)
    mask = np.zeros((height_px, width_px), np.bool_)
    top, bottom = np.clip(
        [np.floor(corners[:, 1].min()), np.ceil(corners[:, 1].max())], 0, height_px
    ).astype(int)
    # One more column takes the crossings right of the picture.
    crossings = np.zeros((bottom - top, width_px + 1), np.uint8)
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        _toggle(crossings, start, end, top)
    mask[top:bottom] = np.bitwise_xor.accumulate(crossings, axis=1)[:, :-1] == 1
    return mask


def _corners(polygon: Polygon) -> npt.NDArray[np.float64]:
    try:
        corners = np.asarray(polygon, np.float64)
    except (ValueError, TypeError) as err:
        raise ValueError(f"corners must be pairs of numbers, but {err}") from err
    if corners.ndim != 2 or len(corners) < 3 or corners.shape[1] != 2:
        raise ValueError(
            "a polygon must have three or more corners (x, y), got the shape"
            f" {list(corners.shape)}; draw it again or leave it out"
        )
    if not np.isfinite(corners).all():
        raise ValueError("corners must be finite numbers; draw the polygon again")
    return corners


def _toggle(
    crossings: npt.NDArray[np.uint8],
    start: npt.NDArray[np.float64],
    end: npt.NDArray[np.float64],
    top: int,
) -> None:
    """Marks in each row the first pixel whose centre lies right of the edge."""
    (x0, y0), (x1, y1) = (start, end) if start[1] <= end[1] else (end, start)
    rows = np.arange(len(crossings))
    centres = rows + top + 0.5
    crossed = (centres >= y0) & (centres < y1)
    if not crossed.any():
        return
    x = x0 + (centres[crossed] - y0) * (x1 - x0) / (y1 - y0)
    columns = np.clip(np.ceil(x - 0.5), 0, crossings.shape[1] - 1).astype(int)
    crossings[rows[crossed], columns] ^= 1
