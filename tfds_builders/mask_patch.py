"""The pixels of one object, kept as the window that they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tfds_builders.upright import apply_orientation

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class MaskPatch:
    """A window of a mask; outside of it the mask is empty.

    An object is small beside its picture, and work on the window is as much faster.

    Attributes:
        pixels: [height, width] of the window; may be empty.
        top: Row of the picture in which the window begins.
        left: Column of the picture in which it begins.
        height_px: Height of the whole mask.
        width_px: Width of the whole mask.
    """

    pixels: Mask
    top: int = 0
    left: int = 0
    height_px: int
    width_px: int

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the picture that the window covers."""
        height, width = self.pixels.shape
        return (
            slice(self.top, self.top + height),
            slice(self.left, self.left + width),
        )

    def whole(self) -> Mask:
        """Returns the mask of the whole picture."""
        mask = np.zeros((self.height_px, self.width_px), np.bool_)
        mask[self.window] = self.pixels
        return mask

    def trimmed(self) -> MaskPatch:
        """Returns the smallest window; that of no pixels where none is set.

        Example:
            >>> patch = patch_of(np.array([[0, 0, 0], [0, 0, 1]], bool)).trimmed()
            >>> patch.window
            (slice(1, 2, None), slice(2, 3, None))
        """
        rows = np.flatnonzero(self.pixels.any(axis=1))
        if not len(rows):
            return self._cut(0, 0, 0, 0)
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        columns = np.flatnonzero(self.pixels[top:bottom].any(axis=0))
        return self._cut(top, bottom, int(columns[0]), int(columns[-1]) + 1)

    def upright(self, orientation: int) -> MaskPatch:
        """Returns the patch of the upright picture; see `apply_orientation`."""
        if orientation == 1:
            return self
        return patch_of(apply_orientation(self.whole(), orientation))

    def _cut(self, top: int, bottom: int, left: int, right: int) -> MaskPatch:
        return MaskPatch(
            pixels=self.pixels[top:bottom, left:right],
            top=self.top + top,
            left=self.left + left,
            height_px=self.height_px,
            width_px=self.width_px,
        )


def patch_of(mask: Mask) -> MaskPatch:
    """Returns a whole mask as a patch."""
    height_px, width_px = mask.shape
    return MaskPatch(pixels=mask, height_px=height_px, width_px=width_px)


def join_patches(
    patches: Sequence[MaskPatch], *, height_px: int, width_px: int
) -> MaskPatch:
    """Returns the union of patches of a picture of this size."""
    filled = [patch for patch in patches if patch.pixels.size]
    if not filled:
        return MaskPatch(
            pixels=np.zeros((0, 0), np.bool_), height_px=height_px, width_px=width_px
        )
    if len(filled) == 1:
        return filled[0]
    top = min(patch.window[0].start for patch in filled)
    left = min(patch.window[1].start for patch in filled)
    bottom = max(patch.window[0].stop for patch in filled)
    right = max(patch.window[1].stop for patch in filled)
    pixels = np.zeros((bottom - top, right - left), np.bool_)
    for patch in filled:
        rows, columns = patch.window
        pixels[
            rows.start - top : rows.stop - top,
            columns.start - left : columns.stop - left,
        ] |= patch.pixels
    return MaskPatch(
        pixels=pixels, top=top, left=left, height_px=height_px, width_px=width_px
    )
