"""Turning pixels upright."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

# An orientation is a transpose or none, then mirrored columns, then mirrored rows.
TRANSPOSED = frozenset({5, 6, 7, 8})
_MIRRORED_COLUMNS = frozenset({2, 3, 6, 7})
_MIRRORED_ROWS = frozenset({3, 4, 7, 8})


def apply_orientation(array: npt.NDArray[Any], orientation: int) -> npt.NDArray[Any]:
    """Returns the upright picture or mask of a stored one, without copying pixels.

    Args:
        array: [height, width] or [height, width, channels].
        orientation: The EXIF value 1..8.

    Raises:
        ValueError: When the orientation is not 1..8 or the array no picture.

    Example:
        >>> apply_orientation(np.array([[1, 2, 3]]), 6).tolist()
        [[1], [2], [3]]
    """
    if not 1 <= orientation <= 8:
        raise ValueError(
            f"orientation must be 1..8, got {orientation}; use 1 where none is known"
        )
    if array.ndim not in (2, 3):
        raise ValueError(
            "a picture has the shape [height, width] or [height, width, channels],"
            f" got {list(array.shape)}; pass one picture at a time"
        )
    upright = np.swapaxes(array, 0, 1) if orientation in TRANSPOSED else array
    upright = upright[:, ::-1] if orientation in _MIRRORED_COLUMNS else upright
    return upright[::-1] if orientation in _MIRRORED_ROWS else upright


def upright_size(height_px: int, width_px: int, orientation: int) -> tuple[int, int]:
    """Returns (height, width) after `apply_orientation`."""
    if orientation in TRANSPOSED:
        return width_px, height_px
    return height_px, width_px
