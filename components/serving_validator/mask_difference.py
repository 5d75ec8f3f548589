"""How far a served mask is from the one that the Keras model gave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.segmentation_metrics.mask_png import decode_mask_png


@dataclass(frozen=True, kw_only=True)
class MaskDifference:
    """Two masks of one size.

    Attributes:
        pixels: Of the photo.
        differing: Pixels with another class id.
        has_same_bytes: Whether the two PNG files are the same, not only their pixels;
            a server with another encoder packs the same pixels in other bytes.
    """

    pixels: int
    differing: int
    has_same_bytes: bool


def compare_masks(expected_png: bytes, served_png: bytes) -> MaskDifference:
    """Compares two masks pixel for pixel.

    Raises:
        ValueError: One is no mask, or they differ in size.
    """
    expected = decode_mask_png(expected_png, "Keras model's mask")
    served = decode_mask_png(served_png, "served mask")
    if expected.shape != served.shape:
        raise ValueError(
            f"the served mask must have the photo's size, {_size(expected)}, got"
            f" {_size(served)}"
        )
    return MaskDifference(
        pixels=expected.size,
        differing=int(np.count_nonzero(expected != served)),
        has_same_bytes=expected_png == served_png,
    )


def _size(mask: np.ndarray) -> str:
    return f"{mask.shape[0]} x {mask.shape[1]}"
