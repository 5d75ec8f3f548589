"""Polygons in pixel coordinates as pixels, by the centres of the pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tfds_builders.mask_patch import MaskPatch

Polygon = Sequence[Sequence[float]]

_WORD_BYTES = 8


def polygon_area(polygon: Polygon) -> float:
    """Returns the area that the corners (x, y) enclose, in square pixels.

    Example:
        >>> polygon_area([(0, 0), (4, 0), (4, 2), (0, 2)])
        8.0
    """
    x, y = np.asarray(polygon, np.float64).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def fill_polygon(polygon: Polygon, *, height_px: int, width_px: int) -> MaskPatch:
    """Returns the pixels whose centre lies inside.

    The pixel in column 0 reaches from x = 0 to 1, so a rectangle from 2 to 5 is three
    pixels wide. (OpenCV and Pillow also paint the outline, half a pixel too much on
    every side, which doubles a thin scratch.) What reaches over the picture is cut
    off; where a polygon crosses itself, the rule is even-odd.

    Args:
        polygon: Corners (x, y), at least three; the last may repeat the first.
        height_px: Height of the picture.
        width_px: Width of the picture.

    Raises:
        ValueError: Fewer than three corners, or coordinates that are no numbers.

    Example:
        >>> fill_polygon(
        ...     [(1, 0), (9, 0), (9, 1), (1, 1)], height_px=2, width_px=3
        ... ).whole().tolist()
        [[False, True, True], [False, False, False]]
    """
    corners = _corners(polygon)
    size = (width_px, height_px)
    lowest, highest = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    (left, top), (right, bottom) = (
        np.clip([lowest, highest], 0, size).astype(int).tolist()
    )
    height, width = bottom - top, right - left
    columns, rows = _crossings(corners - (left, top), height, width)
    # One more row takes the crossings below the window. Rows of whole words, because
    # down the columns NumPy then does eight pixels at once.
    padded = -(-width // _WORD_BYTES) * _WORD_BYTES
    parity = np.zeros((height + 1, padded), np.uint8)
    np.bitwise_xor.at(parity.reshape(-1), rows * padded + columns, 1)
    words = parity.view(np.uint64)
    np.bitwise_xor.accumulate(words, axis=0, out=words)
    pixels = parity[:-1, :width].view(np.bool_)
    return MaskPatch(
        pixels=pixels, top=top, left=left, height_px=height_px, width_px=width_px
    )


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


def _crossings(
    corners: npt.NDArray[np.float64], height: int, width: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Returns where edges cross columns of centres: column, first pixel below the edge.

    A pixel below the window is given as `height`.
    """
    ends = np.roll(corners, -1, axis=0)
    is_rightward = (corners[:, 0] <= ends[:, 0])[:, np.newaxis]
    near = np.where(is_rightward, corners, ends)
    far = np.where(is_rightward, ends, corners)
    # The centres at column + 0.5 from the near end on, the far end not included.
    first, last = (
        np.clip(np.ceil(end[:, 0] - 0.5), 0, width).astype(np.int64)
        for end in (near, far)
    )
    counts = last - first
    edge = np.repeat(np.arange(len(corners)), counts)
    rank = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    columns = first[edge] + rank
    (x0, y0), (x1, y1) = near[edge].T, far[edge].T
    y = y0 + (columns + 0.5 - x0) * (y1 - y0) / (x1 - x0)
    rows = np.clip(np.ceil(y - 0.5), 0, height).astype(np.int64)
    return columns, rows
