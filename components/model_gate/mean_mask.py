"""The best mask that never looks at a photo: made of all training masks.

Class counts of every cell of a small grid are enough to score any constant mask on the
training set itself, so the best of a few candidates costs nothing more.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from components.segmentation_metrics import confusion
from components.segmentation_metrics.mask_grid import GRID_SIDE, grid_of_mask
from components.segmentation_metrics.mask_png import MaskIds

Counts = npt.NDArray[np.int64]  # [side, side, classes]

# The majority alone would be all background where objects are small or move about.
_FOREGROUND_SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)


def empty_counts(num_classes: int) -> Counts:
    """Returns the counts of no mask."""
    return np.zeros((GRID_SIDE, GRID_SIDE, num_classes), np.int64)


def add_mask(counts: Counts, mask_ids: MaskIds) -> Counts:
    """Counts a mask of any size in; void and unknown ids are left out."""
    grid = grid_of_mask(mask_ids)
    rows, columns = np.nonzero(grid < counts.shape[2])
    counts[rows, columns, grid[rows, columns]] += 1
    return counts


def best_constant_mask(counts: Counts, background_id: int | None) -> MaskIds:
    """Returns the [side, side] mask with the best foreground mIoU on its own counts.

    Candidates are the majority of each cell, and, where there is a background, the
    most frequent foreground class wherever foreground is frequent enough.
    """
    candidates = [np.argmax(counts, axis=2).astype(np.uint8)]
    if background_id is not None:
        candidates += _foreground_candidates(counts, background_id)
    scores = [_score(counts, mask, background_id) for mask in candidates]
    return candidates[int(np.nanargmax(scores))] if _any(scores) else candidates[0]


def _foreground_candidates(counts: Counts, background_id: int) -> list[MaskIds]:
    foreground = counts.copy()
    foreground[:, :, background_id] = 0
    frequent = np.argmax(foreground, axis=2).astype(np.uint8)
    total = np.maximum(counts.sum(axis=2), 1)
    share = foreground.sum(axis=2) / total
    return [
        np.where(share >= wanted, frequent, np.uint8(background_id))
        for wanted in _FOREGROUND_SHARES
    ]


def _score(counts: Counts, mask: MaskIds, background_id: int | None) -> float:
    num_classes = counts.shape[2]
    matrix = np.zeros((num_classes, num_classes + 1), np.int64)
    for class_id in range(num_classes):
        matrix[:, class_id] = counts[mask == class_id].sum(axis=0)
    return confusion.foreground_miou(matrix, background_id)


def _any(scores: list[float]) -> bool:
    return not bool(np.isnan(scores).all())
