"""The colours of many masks as one picture: hue histogram, peaks, frequent colours."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from tfds_builders.mask_palette import (
    HUES,
    ColorCounts,
    FrequentColor,
    HuePeak,
    hue_histogram,
)

Rgb = tuple[int, int, int]
Heights = npt.NDArray[np.int64]

_INK, _PAPER, _FRAME = (30, 30, 30), (255, 255, 255), (120, 120, 120)
_WIDTH_PX, _MARGIN_PX = 1000, 24
_SIZE_PX = 14
_LINE_PX = 20
_BINS_HEIGHT_PX, _LEVELS_HEIGHT_PX = 200, 56
_SWATCH_PX = 48
_ROW_PX = _LEVELS_HEIGHT_PX + 40
_LEVELS_LEFT_PX = (400, 700)
_TICK_STEP = 15
_COLORS_PER_ROW = 4


def draw_palette_sheet(
    counts: ColorCounts,
    peaks: Sequence[HuePeak],
    colors: Sequence[FrequentColor],
    *,
    captions: Sequence[str],
) -> Image.Image:
    """Returns the sheet.

    Args:
        counts: What the histogram shows.
        peaks: One row each: colour, hue range, share, saturations and values.
        colors: One swatch each.
        captions: Lines above all.
    """
    color_rows = -(-len(colors) // _COLORS_PER_ROW)
    tops = np.cumsum(
        [
            _MARGIN_PX + (len(captions) + 2) * _LINE_PX,
            _BINS_HEIGHT_PX + 3 * _LINE_PX,
            len(peaks) * _ROW_PX + 2 * _LINE_PX,
            color_rows * (_SWATCH_PX + _LINE_PX) + _MARGIN_PX,
        ]
    )
    sheet = Image.new("RGB", (_WIDTH_PX, int(tops[-1])), _PAPER)
    draw = ImageDraw.Draw(sheet)
    for index, caption in enumerate(captions):
        _write(draw, _MARGIN_PX, _MARGIN_PX + index * _LINE_PX, caption)
    _draw_hues(draw, int(tops[0]), counts, peaks)
    for index, peak in enumerate(peaks):
        _draw_peak(draw, int(tops[1]) + index * _ROW_PX, index + 1, peak)
    _write(draw, _MARGIN_PX, int(tops[2]) - 30, "most frequent colours of all pixels")
    for index, color in enumerate(colors):
        row, column = divmod(index, _COLORS_PER_ROW)
        left = _MARGIN_PX + column * (_WIDTH_PX - _MARGIN_PX) // _COLORS_PER_ROW
        _draw_color(draw, left, int(tops[2]) + row * (_SWATCH_PX + _LINE_PX), color)
    return sheet


def hsv_to_rgb(hue: float, saturation: float, value: float) -> Rgb:
    """Returns the colour of OpenCV's hue 0..180, saturation and value 0..255.

    Example:
        >>> hsv_to_rgb(60, 255, 255), hsv_to_rgb(0, 0, 128)
        ((0, 255, 0), (128, 128, 128))
    """
    rgb = colorsys.hsv_to_rgb(hue / HUES, saturation / 255, value / 255)
    red, green, blue = (round(255 * level) for level in rgb)
    return red, green, blue


def bar_heights(counts: npt.NDArray[np.generic], height_px: int) -> Heights:
    """Returns bars by the square root, so that a tenth of a percent is seen, too.

    Example:
        >>> bar_heights(np.array([0, 1, 25, 100]), 100).tolist()
        [0, 10, 50, 100]
    """
    roots = np.sqrt(counts.astype(np.float64))
    return np.rint(roots / max(roots.max(), 1e-9) * height_px).astype(np.int64)


def typical_rgb(peak: HuePeak) -> Rgb:
    """Returns the colour of a peak's most frequent hue, saturation and value."""
    return hsv_to_rgb(peak.hue, int(peak.saturations.argmax()), _main_value(peak))


def _draw_hues(
    draw: ImageDraw.ImageDraw, top: int, counts: ColorCounts, peaks: Sequence[HuePeak]
) -> None:
    bins = hue_histogram(counts)
    width, floor = _WIDTH_PX - 2 * _MARGIN_PX, top + _BINS_HEIGHT_PX
    edges = [_MARGIN_PX + index * width // len(bins) for index in range(len(bins) + 1)]
    heights = bar_heights(bins, _BINS_HEIGHT_PX)
    for index, height in enumerate(heights):
        fill = hsv_to_rgb((index + 0.5) * HUES / len(bins), 255, 235)
        if height:
            box = (edges[index], floor - int(height), edges[index + 1] - 2, floor)
            draw.rectangle(box, fill=fill)
    draw.line((_MARGIN_PX, floor, _WIDTH_PX - _MARGIN_PX, floor), fill=_FRAME)
    for hue in range(0, HUES + 1, _TICK_STEP):
        at = _MARGIN_PX + hue * width // HUES
        draw.line((at, floor, at, floor + 5), fill=_FRAME)
        _write(draw, at, floor + 7, str(hue), anchor="ma")
    _number_peaks(draw, floor, heights, peaks)


def _number_peaks(
    draw: ImageDraw.ImageDraw, floor: int, heights: Heights, peaks: Sequence[HuePeak]
) -> None:
    """Writes the peaks' numbers above their bars, where there is room for them."""
    width, taken = _WIDTH_PX - 2 * _MARGIN_PX, list[int]()
    for number, peak in enumerate(peaks, start=1):
        at = _MARGIN_PX + int((peak.hue + 0.5) * width / HUES)
        height = int(heights[int((peak.hue + 0.5) * len(heights) / HUES)])
        if all(abs(at - other) >= 1.2 * _SIZE_PX for other in taken):
            _write(draw, at, floor - height - 3, str(number), anchor="md")
            taken.append(at)


def _draw_peak(draw: ImageDraw.ImageDraw, top: int, number: int, peak: HuePeak) -> None:
    left = _MARGIN_PX + 30
    _write(draw, _MARGIN_PX, top + 16, str(number))
    box = (left, top, left + _SWATCH_PX, top + _SWATCH_PX)
    draw.rectangle(box, fill=typical_rgb(peak), outline=_FRAME)
    words = left + _SWATCH_PX + 14
    first, last = peak.hue_range
    _write(draw, words, top, f"hue {first} to {last}, most at {peak.hue}")
    _write(draw, words, top + _LINE_PX, f"{peak.share:.1%} of the coloured pixels")
    saturation, value = int(peak.saturations.argmax()), _main_value(peak)
    low, high = peak.saturation_range
    _draw_levels(
        draw,
        (_LEVELS_LEFT_PX[0], top),
        peak.saturations,
        ramp=[hsv_to_rgb(peak.hue, level, value) for level in range(256)],
        title=f"saturation, 90 % in {low} to {high}",
    )
    low, high = peak.value_range
    _draw_levels(
        draw,
        (_LEVELS_LEFT_PX[1], top),
        peak.values,
        ramp=[hsv_to_rgb(peak.hue, saturation, level) for level in range(256)],
        title=f"value, 90 % in {low} to {high}",
    )


def _draw_levels(
    draw: ImageDraw.ImageDraw,
    corner: tuple[int, int],
    levels: npt.NDArray[np.int64],
    *,
    ramp: Sequence[Rgb],
    title: str,
) -> None:
    """Draws 256 bars above the colours that they stand for."""
    left, top = corner
    floor = top + _LEVELS_HEIGHT_PX - 8
    for level, height in enumerate(bar_heights(levels, _LEVELS_HEIGHT_PX - 8)):
        at = left + level
        if height:
            draw.line((at, floor - int(height), at, floor - 1), fill=_INK)
        draw.line((at, floor, at, floor + 8), fill=ramp[level])
    _write(draw, left, floor + 10, title)


def _draw_color(
    draw: ImageDraw.ImageDraw, left: int, top: int, color: FrequentColor
) -> None:
    box = (left, top, left + _SWATCH_PX, top + _SWATCH_PX)
    draw.rectangle(box, fill=color.rgb, outline=_FRAME)
    words = left + _SWATCH_PX + 10
    _write(draw, words, top + 4, ", ".join(str(level) for level in color.rgb))
    _write(draw, words, top + 4 + _LINE_PX, f"{color.share:.1%}")


def _main_value(peak: HuePeak) -> int:
    return int(peak.values.argmax())


def _write(
    draw: ImageDraw.ImageDraw, left: int, top: int, text: str, anchor: str = "la"
) -> None:
    font = ImageFont.load_default(size=_SIZE_PX)
    draw.text((left, top), text, fill=_INK, font=font, anchor=anchor)
