"""What a model says of one photo, or why it says nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, kw_only=True)
class PhotoAnswer:
    """What the model says of a photo.

    Attributes:
        mask_png: 8-bit PNG of class ids at the upright photo's size.
        height: Pixels of the upright photo.
        width: Pixels of the upright photo.
        areas: float32 [classes], share of the photo.
        confidence: Mean score of what was found.
    """

    mask_png: bytes
    height: int
    width: int
    areas: npt.NDArray[np.float32]
    confidence: float


@dataclass(frozen=True, kw_only=True)
class NoAnswer:
    """Why there is no mask of a photo.

    Attributes:
        reason: One line.
        is_final: The photo itself is at fault, so that asking again is in vain.
    """

    reason: str
    is_final: bool
