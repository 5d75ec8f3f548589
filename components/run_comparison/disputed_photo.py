"""One test photo on which the models' masks differ: how far, and who is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.segmentation_metrics.mask_png import MaskIds

# Values of a map of the disputed pixels.
AGREED, FIRST_RIGHT, OTHER_RIGHT, NONE_RIGHT = range(4)


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """What the models say of one photo.

    Attributes:
        share: Of the pixels whose truth is known, those on which the models differ.
        right: Share of the disputed pixels on which each model is right; 0 where
            nothing is disputed.
    """

    share: float
    right: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class DisputedPhoto:
    """A photo of the page, as base64 text.

    Attributes:
        example_id: Its name for people.
        dispute: How far the models differ.
        width_px: Of all its pictures.
        height_px: Of all its pictures.
        photo: JPEG; `''` where the photo cannot be decoded.
        truth: PNG in class colours, see-through.
        masks: The same of each model's mask.
        disputed: PNG of the disputed pixels by who is right.
    """

    example_id: str
    dispute: Dispute
    width_px: int
    height_px: int
    photo: str
    truth: str
    masks: tuple[str, ...]
    disputed: str

    @property
    def base64_bytes(self) -> int:
        """What the page grows by when it shows the photo."""
        pictures = (self.photo, self.truth, *self.masks, self.disputed)
        return sum(len(picture) for picture in pictures)


def dispute_map(truth: MaskIds, masks: Sequence[MaskIds], void_id: int) -> MaskIds:
    """Returns who is right where the masks differ, [height, width].

    Raises:
        ValueError: A mask has another size than the truth.

    Example:
        >>> truth = np.array([[1, 1, 1, 1, 255]])
        >>> masks = [np.array([[1, 1, 0, 0, 0]]), np.array([[1, 0, 1, 2, 1]])]
        >>> dispute_map(truth, masks, void_id=255)
        array([[0, 1, 2, 3, 0]], dtype=uint8)
    """
    for mask in masks:
        if mask.shape != truth.shape:
            raise ValueError(
                f"a predicted mask must be as large as the true one, {truth.shape}, got"
                f" {mask.shape}; export the model with serving.export"
            )
    first, *others = masks
    disputed = np.zeros(truth.shape, bool)
    other_right = np.zeros(truth.shape, bool)
    for mask in others:
        disputed |= mask != first
        other_right |= mask == truth
    found = np.where(other_right, OTHER_RIGHT, NONE_RIGHT).astype(np.uint8)
    found[first == truth] = FIRST_RIGHT
    found[~disputed | (truth == void_id)] = AGREED
    return found


def measure_dispute(truth: MaskIds, masks: Sequence[MaskIds], void_id: int) -> Dispute:
    """Returns how far the masks differ, and each one's share of what is disputed.

    Raises:
        ValueError: A mask has another size than the truth.
    """
    disputed = dispute_map(truth, masks, void_id) != AGREED
    known = int((truth != void_id).sum())
    count = int(disputed.sum())
    return Dispute(
        share=count / known if known else 0.0,
        right=tuple(
            float((disputed & (mask == truth)).sum() / count) if count else 0.0
            for mask in masks
        ),
    )
