"""Class ids from the PNG that the server answers with."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL.PngImagePlugin import PngImageFile


def decode_mask_png(
    mask_png_bytes: bytes, height: int, width: int
) -> npt.NDArray[np.uint8]:
    """Returns class ids [height, width], read-only.

    Raises:
        ValueError: It is no 8-bit grey PNG of that size.
    """
    try:
        # A reader is called without Image.open, whose limit is a global of the process.
        image = PngImageFile(io.BytesIO(mask_png_bytes))
        found = (image.mode, image.height, image.width)
        # Before the pixels are decoded: few bytes can claim to be many pixels.
        if found != ("L", height, width):
            raise ValueError(f"mode, height and width are {found}")
        mask_ids = np.asarray(image)
    except Exception as err:  # Pillow's readers raise whatever foreign bytes provoke.
        raise ValueError(
            f"a mask must be an 8-bit grey PNG of height {height} and width {width},"
            f" got {len(mask_png_bytes)} bytes that are not: {err}"
        ) from err
    mask_ids.setflags(write=False)
    return mask_ids
