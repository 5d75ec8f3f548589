"""Class ids of a mask from its PNG."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

MaskIds = npt.NDArray[np.uint8]  # [height, width]


def decode_mask_png(png: bytes, what: str) -> MaskIds:
    """Decodes an 8-bit single-channel PNG.

    Args:
        png: The file's bytes.
        what: What the mask is, for the error: `true mask` or `predicted mask`.

    Raises:
        ValueError: The bytes are no picture, or not 8-bit with one channel.
    """
    mask = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    if mask is None:
        raise ValueError(
            f"the {what} must be a PNG, got {len(png)} bytes that start with"
            f" {png[:8]!r}; write it with an 8-bit grey PNG encoder"
        )
    if mask.ndim != 2 or mask.dtype != np.uint8:
        raise ValueError(
            f"the {what} must be an 8-bit PNG of one channel, got shape {mask.shape}"
            f" of {mask.dtype}; write class ids as grey values"
        )
    return mask
