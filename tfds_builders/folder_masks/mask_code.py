"""Which mask values and colours mean which class id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tfds_builders.taxonomy import VOID_ID, Rgb

UNKNOWN_ID = -1
PALETTE_READINGS = ("auto", "indices", "colours", "levels")
# 12 megapixels at once would need 300 MB of packed colours.
_BLOCK_ROWS = 128


@dataclass(frozen=True, kw_only=True)
class MaskCode:
    """How the masks of a folder are written.

    Attributes:
        ids_by_value: Mask value (or palette index) to class id, 255 for void.
        ids_by_rgb: Colour to class id, 255 for void.
        palette: What counts in a palette mask: its `indices`, its `colours`, its grey
            `levels`, or `auto`: whichever is known, refused where two disagree.

    Example:
        >>> code = MaskCode(ids_by_value={0: 0, 9: 1, 255: 255}, ids_by_rgb={})
        >>> code.ids_of_values(np.array([0, 9, 255, 3])).tolist()
        [0, 1, 255, -1]
    """

    ids_by_value: Mapping[int, int]
    ids_by_rgb: Mapping[Rgb, int]
    palette: str = PALETTE_READINGS[0]

    @property
    def keeps_values(self) -> bool:
        """Whether every known value is its own class id."""
        return all(value == found for value, found in self.ids_by_value.items())

    def ids_of_values(self, values: NDArray[np.integer]) -> NDArray[np.int16]:
        """Returns the class id of every value, -1 where it means nothing."""
        table = np.full(1 << 16, UNKNOWN_ID, np.int16)
        for value, class_id in self.ids_by_value.items():
            table[value] = class_id
        return table[values]

    def ids_of_colours(self, rgb: NDArray[np.uint8]) -> NDArray[np.int16]:
        """Returns the class id of every colour [..., 3], -1 where it means nothing."""
        # Zero pages of a table over all colours cost nothing until they are touched.
        table = np.zeros(1 << 24, np.int16)
        for colour, class_id in self.ids_by_rgb.items():
            table[_packed(np.array(colour, np.uint8))] = class_id + 1
        ids = np.empty(rgb.shape[:-1], np.int16)
        for start in range(0, len(rgb), _BLOCK_ROWS):
            block = slice(start, start + _BLOCK_ROWS)
            ids[block] = table[_packed(rgb[block])] - np.int16(1)
        return ids

    def expected_values(self) -> str:
        """Returns the known values in words, runs joined: `0..3, 255 (void)`."""
        known = sorted(
            value for value, found in self.ids_by_value.items() if found != VOID_ID
        )
        void = sorted(
            value for value, found in self.ids_by_value.items() if found == VOID_ID
        )
        voids = f" or {', '.join(map(str, void))} (void)" if void else ""
        return f"{_runs(known)}{voids}"


def _packed(rgb: NDArray[np.uint8]) -> NDArray[np.int32]:
    wide = rgb.astype(np.int32)
    return wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2]


def _runs(values: list[int]) -> str:
    """Joins neighbours: [0, 1, 2, 9] becomes `0..2, 9`."""
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][1] + 1:
            runs[-1][1] = value
        else:
            runs.append([value, value])
    return ", ".join(
        str(first) if first == last else f"{first}..{last}" for first, last in runs
    )
