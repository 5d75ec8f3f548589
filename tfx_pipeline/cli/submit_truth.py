"""True masks of photos, and how much of them a predicted mask finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

_SUFFIXES = ("_mask.gif", "_mask.png")


def truth_file(folder: Path, photo: str) -> Path | None:
    """Returns the file of a photo's true mask; None where the folder has none."""
    files = [folder / f"{Path(photo).stem}{suffix}" for suffix in _SUFFIXES]
    return next((file for file in files if file.is_file()), None)


def read_truth(
    folder: Path, photo: str, size_px: tuple[int, ...]
) -> npt.NDArray[np.bool_] | None:
    """Returns where a photo's true mask is set; None where the folder has none.

    Args:
        folder: Of masks called as Carvana does: `<photo's stem>_mask.gif`, or `.png`.
        photo: Name of the photo.
        size_px: Height and width that the mask must have.

    Raises:
        ValueError: The mask cannot be read, or has another size.
    """
    file = truth_file(folder, photo)
    if file is None:
        return None
    try:
        with Image.open(file) as image:
            values = np.asarray(image)
    except Exception as err:  # Pillow raises whatever foreign bytes provoke.
        raise ValueError(
            f"a true mask must be a whole picture, but {str(file)!r}: {err}"
        ) from err
    if values.shape != size_px:
        raise ValueError(
            f"a true mask must have one channel and the photo's size {size_px}, got"
            f" {values.shape} in {str(file)!r}"
        )
    return values != 0


def dice(mask: npt.NDArray[Any], true_mask: npt.NDArray[Any]) -> float:
    """Returns twice the common pixels by all set ones; 1 where both are empty.

    Example:
        >>> dice(np.array([1, 1, 0]), np.array([0, 1, 0]))
        0.6666666666666666
    """
    first, second = mask != 0, true_mask != 0
    total = int(first.sum()) + int(second.sum())
    return 2 * int((first & second).sum()) / total if total else 1.0
