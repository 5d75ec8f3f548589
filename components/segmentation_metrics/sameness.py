"""Whether masks of many photos are one and the same mask, in constant memory.

Each cell of the common grid keeps the lowest and highest id that was ever there.
Cells where they are equal never changed. A model that ignores its photo never changes
one but for rounding at outlines; a model that looks changes most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from components.segmentation_metrics.confusion import VOID_ID
from components.segmentation_metrics.mask_grid import GRID_SIDE, grid_of_mask
from components.segmentation_metrics.mask_png import MaskIds

_HIGHEST = 254  # of a class id


def _filled(value: int) -> MaskIds:
    return np.full((GRID_SIDE, GRID_SIDE), value, np.uint8)


@dataclass
class IdRange:
    """Lowest and highest class id of every grid cell over masks; void leaves none."""

    low: MaskIds = field(default_factory=lambda: _filled(VOID_ID))
    high: MaskIds = field(default_factory=lambda: _filled(0))

    def add(self, mask_ids: MaskIds) -> None:
        """Takes a mask of any size in."""
        grid = grid_of_mask(mask_ids)
        known = grid != VOID_ID
        self.low = np.minimum(self.low, grid)
        self.high = np.where(known, np.maximum(self.high, grid), self.high)

    @classmethod
    def merge(cls, ranges: Iterable[IdRange]) -> IdRange:
        """Joins ranges; the order does not matter."""
        merged = cls()
        for one in ranges:
            merged.low = np.minimum(merged.low, one.low)
            merged.high = np.maximum(merged.high, one.high)
        return merged

    def sameness(self, background_id: int | None) -> float:
        """Share of the cells that never changed, 0..1; NaN where none is left.

        Cells that were background in every mask tell nothing and are left out: a small
        object on much background would look constant otherwise.
        """
        known = self.low <= _HIGHEST
        constant = known & (self.low == self.high)
        if background_id is not None:
            telling = known & ~(constant & (self.low == background_id))
        else:
            telling = known
        count = int(telling.sum())
        return float((constant & telling).sum() / count) if count else float("nan")
