"""Hues, saturations, brightnesses and frequent colours of many coloured pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Counts = npt.NDArray[np.int64]

# OpenCV's hue of 8-bit pictures: half of the degrees, so that it fits a byte.
HUES = 180
LEVELS = 256
HISTOGRAM_BINS = 100
MAX_PEAKS = 20
# Colours are counted in cubes of 8 levels a side: memory stays at a megabyte.
_CELL_BITS = 5
_CELLS = 1 << (3 * _CELL_BITS)
_BLOCK_PX = 1 << 20
# A peak ends where it falls to this share of its top, or where the next one begins.
_FOOT = 0.02
_MIN_PEAK_SHARE = 0.002
# Share of pixels that a range of saturation or value leaves out at either end.
_TAIL = 0.05


@dataclass(frozen=True, kw_only=True)
class ColorCounts:
    """What was counted so far; its size does not depend on the pictures.

    Pixels of little saturation or value have no hue to speak of: they count as
    frequent colours, but not as coloured.

    Attributes:
        pixels: Number of pixels, coloured or not.
        saturations: [hue, saturation] of coloured pixels.
        values: [hue, value] of coloured pixels.
        cells: [cell] of all pixels, by cubes of similar colours.
        cell_sums: [cell, 3] sums of red, green and blue.
    """

    pixels: int
    saturations: Counts
    values: Counts
    cells: Counts
    cell_sums: Counts

    @property
    def hues(self) -> Counts:
        """Coloured pixels by hue, [180]."""
        return self.values.sum(axis=1)

    @property
    def colored_pixels(self) -> int:
        """Number of pixels with a hue."""
        return int(self.values.sum())


@dataclass(frozen=True, kw_only=True)
class HuePeak:
    """A hue that many pixels have, with its neighbours.

    Attributes:
        hue: The most frequent hue, 0..179.
        hue_range: First and last hue; the first is the larger one across 179 and 0.
        pixels: Coloured pixels in this range.
        share: Their share of all coloured pixels.
        saturations: [256] pixels by saturation.
        values: [256] pixels by value.
    """

    hue: int
    hue_range: tuple[int, int]
    pixels: int
    share: float
    saturations: Counts
    values: Counts

    @property
    def saturation_range(self) -> tuple[int, int]:
        """Lowest and highest saturation of the middle 90 % of the pixels."""
        return _middle(self.saturations)

    @property
    def value_range(self) -> tuple[int, int]:
        """Lowest and highest value of the middle 90 % of the pixels."""
        return _middle(self.values)


@dataclass(frozen=True, kw_only=True)
class FrequentColor:
    """A colour, the mean of very similar ones, and its share of all pixels."""

    rgb: tuple[int, int, int]
    share: float


def no_colors() -> ColorCounts:
    """Returns the counts of no picture."""
    return ColorCounts(
        pixels=0,
        saturations=np.zeros((HUES, LEVELS), np.int64),
        values=np.zeros((HUES, LEVELS), np.int64),
        cells=np.zeros(_CELLS, np.int64),
        cell_sums=np.zeros((_CELLS, 3), np.int64),
    )


def merge_colors(first: ColorCounts, second: ColorCounts) -> ColorCounts:
    """Returns the counts of both; in which order is no matter."""
    return ColorCounts(
        pixels=first.pixels + second.pixels,
        saturations=first.saturations + second.saturations,
        values=first.values + second.values,
        cells=first.cells + second.cells,
        cell_sums=first.cell_sums + second.cell_sums,
    )


def count_colors(
    image_rgb: Pixels, *, min_saturation: int = 0, min_value: int = 0
) -> ColorCounts:
    """Counts one picture.

    Args:
        image_rgb: [height, width, 3].
        min_saturation: Pixels below have no hue: grey, or a photo shining through.
        min_value: Pixels below have no hue: almost black.

    Raises:
        ValueError: The array is no picture.

    Example:
        >>> pixels = np.array([[[255, 0, 0], [0, 0, 255], [9, 9, 9]]], np.uint8)
        >>> np.flatnonzero(count_colors(pixels, min_saturation=1).hues).tolist()
        [0, 120]
    """
    if image_rgb.ndim != 3 or image_rgb.shape[2] != 3 or image_rgb.dtype != np.uint8:
        raise ValueError(
            "a picture must be uint8 [height, width, 3], got"
            f" {image_rgb.dtype} {list(image_rgb.shape)}; convert it to RGB"
        )
    counts = no_colors()
    for block in _row_blocks(image_rgb):
        counts = merge_colors(counts, _count_block(block, min_saturation, min_value))
    return counts


def hue_histogram(counts: ColorCounts) -> npt.NDArray[np.float64]:
    """Returns the coloured pixels in 100 equal bins over the hues 0 to 180.

    A bin is 1.8 hues wide and takes its part of each: counted whole, some bins would
    hold two hues and others one, and show teeth that no picture has.
    """
    up_to = np.concatenate([[0], np.cumsum(counts.hues)])
    edges = np.linspace(0, HUES, HISTOGRAM_BINS + 1)
    return np.diff(np.interp(edges, np.arange(HUES + 1), up_to))


def find_peaks(counts: ColorCounts, limit: int = MAX_PEAKS) -> list[HuePeak]:
    """Returns the hues that stand out, the most frequent first; their ranges are apart.

    Hues are a circle: a red peak may reach from 176 over 179 and 0 to 4.
    """
    smooth, taken = _smoothed(counts.hues), np.zeros(HUES, bool)
    peaks: list[HuePeak] = []
    for top in np.argsort(-smooth, kind="stable"):
        if len(peaks) == limit or smooth[top] == 0:
            break
        if taken[top] or smooth[top] < max(smooth[top - 1], smooth[(top + 1) % HUES]):
            continue  # the slope of a peak
        first = _foot(smooth, taken, int(top), -1)
        last = _foot(smooth, taken, int(top), 1)
        inside = np.arange(first, last + 1) % HUES
        taken[inside] = True
        peak = _peak(counts, inside)
        if peak.share >= _MIN_PEAK_SHARE:
            peaks.append(peak)
    return sorted(peaks, key=lambda peak: (-peak.pixels, peak.hue))


def frequent_colors(counts: ColorCounts, limit: int = MAX_PEAKS) -> list[FrequentColor]:
    """Returns the most frequent colours; exact where no similar one is there."""
    order = np.argsort(-counts.cells, kind="stable")[:limit]
    return [
        FrequentColor(
            rgb=_mean_rgb(counts.cell_sums[cell], int(counts.cells[cell])),
            share=int(counts.cells[cell]) / counts.pixels,
        )
        for cell in order
        if counts.cells[cell]
    ]


def _row_blocks(image_rgb: Pixels) -> Iterator[Pixels]:
    rows = max(1, _BLOCK_PX // max(1, image_rgb.shape[1]))
    for start in range(0, image_rgb.shape[0], rows):
        yield np.ascontiguousarray(image_rgb[start : start + rows])


def _count_block(block: Pixels, min_saturation: int, min_value: int) -> ColorCounts:
    rgb = block.reshape(-1, 3).astype(np.int64)
    hsv = cv2.cvtColor(block, cv2.COLOR_RGB2HSV).reshape(-1, 3).astype(np.int64)
    hsv = hsv[(hsv[:, 1] >= min_saturation) & (hsv[:, 2] >= min_value)]
    cells = _cell(rgb)
    sums = [np.bincount(cells, rgb[:, channel], _CELLS) for channel in range(3)]
    return ColorCounts(
        pixels=len(rgb),
        saturations=_count_pairs(hsv[:, 0], hsv[:, 1]),
        values=_count_pairs(hsv[:, 0], hsv[:, 2]),
        cells=np.bincount(cells, minlength=_CELLS),
        cell_sums=np.stack(sums, axis=1).astype(np.int64),
    )


def _count_pairs(hues: Counts, levels: Counts) -> Counts:
    pairs = np.bincount(hues * LEVELS + levels, minlength=HUES * LEVELS)
    return pairs.reshape(HUES, LEVELS)


def _cell(rgb: Counts) -> Counts:
    top = rgb >> (8 - _CELL_BITS)
    cells: Counts = (top[:, 0] << (2 * _CELL_BITS)) | (top[:, 1] << _CELL_BITS)
    return cells | top[:, 2]


def _smoothed(hues: Counts) -> Counts:
    """Returns four times the hues' mean with their neighbours', without small teeth."""
    return 2 * hues + np.roll(hues, 1) + np.roll(hues, -1)


def _foot(smooth: Counts, taken: npt.NDArray[np.bool_], top: int, step: int) -> int:
    """Returns how far a peak goes on one side; below 0 or above 179 across the seam."""
    at, least = top, _FOOT * smooth[top]
    while abs(at - top) < HUES // 2 - 1:
        after = (at + step) % HUES
        if taken[after] or not least <= smooth[after] <= smooth[at % HUES]:
            break
        at += step
    return at


def _peak(counts: ColorCounts, inside: npt.NDArray[np.intp]) -> HuePeak:
    """Returns the peak of these hues, without empty ones at its ends."""
    hues = counts.hues[inside]
    there = np.flatnonzero(hues)
    values = counts.values[inside].sum(axis=0)
    return HuePeak(
        hue=int(inside[hues.argmax()]),
        hue_range=(int(inside[there[0]]), int(inside[there[-1]])),
        pixels=int(values.sum()),
        share=int(values.sum()) / counts.colored_pixels,
        saturations=counts.saturations[inside].sum(axis=0),
        values=values,
    )


def _middle(levels: Counts) -> tuple[int, int]:
    up_to = np.cumsum(levels)
    low, high = np.searchsorted(up_to, [_TAIL * up_to[-1], (1 - _TAIL) * up_to[-1]])
    return int(low), int(high)


def _mean_rgb(sums: Counts, count: int) -> tuple[int, int, int]:
    red, green, blue = (round(int(value) / count) for value in sums)
    return red, green, blue
