"""The sheet shows the peaks' own colours where a person looks for them."""

from __future__ import annotations

import numpy as np
import pytest

from tfds_builders.mask_palette import (
    count_colors,
    find_peaks,
    frequent_colors,
    no_colors,
)
from tfx_pipeline.cli.palette_sheet import (
    bar_heights,
    draw_palette_sheet,
    hsv_to_rgb,
    typical_rgb,
)

BUMPER, DOOR = (249, 9, 250), (19, 98, 19)


def picture() -> np.ndarray:
    pixels = np.full((40, 40, 3), BUMPER, np.uint8)
    pixels[:10] = DOOR
    return pixels


def test_each_peak_has_a_square_of_its_colour_from_the_largest_down() -> None:
    counts = count_colors(picture())
    peaks, colors = find_peaks(counts), frequent_colors(counts)

    sheet = np.asarray(
        draw_palette_sheet(counts, peaks, colors, captions=["one", "two"])
    )

    # Margin, two captions and two lines, the histogram and three lines.
    first = 24 + 4 * 20 + 200 + 3 * 20
    for row, rgb in enumerate((BUMPER, DOOR)):
        square = sheet[first + 96 * row + 10, 24 + 30 + 10]
        assert np.abs(square.astype(int) - rgb).max() <= 4
    below = first + 2 * 96 + 2 * 20
    assert sheet[below + 10, 24 + 10].tolist() == list(BUMPER)
    second = 24 + (1000 - 24) // 4
    assert sheet[below + 10, second + 10].tolist() == list(DOOR)
    assert sheet.shape == (below + 48 + 20 + 24, 1000, 3)


def test_bars_stand_at_their_hues() -> None:
    counts = count_colors(picture())

    sheet = np.asarray(draw_palette_sheet(counts, [], [], captions=["one", "two"]))

    floor = 24 + 4 * 20 + 200
    # 952 pixels for 180 hues: purple is 150, green 60.
    for hue, height in ((150, 200), (60, 200 * (1 / 3) ** 0.5)):
        column = sheet[:, 24 + int((hue + 0.5) * 952 / 180) - 1]
        bar = np.flatnonzero(np.ptp(column.astype(int), axis=1) > 100)
        assert bar.min() == pytest.approx(floor - height, abs=2)
        assert bar.max() <= floor


def test_a_sheet_without_any_colour_is_drawn() -> None:
    assert draw_palette_sheet(no_colors(), [], [], captions=["none"]).width == 1000


def test_bars_grow_with_the_square_root() -> None:
    heights = bar_heights(np.array([0, 4, 16, 64]), 80)

    assert heights.tolist() == [0, 20, 40, 80]
    assert bar_heights(np.zeros(3), 80).tolist() == [0, 0, 0]


def test_the_typical_colour_is_the_most_frequent_one() -> None:
    (peak,) = find_peaks(count_colors(picture()[:10]))

    assert np.abs(np.subtract(typical_rgb(peak), DOOR)).max() <= 2


def test_hues_are_those_of_opencv() -> None:
    assert hsv_to_rgb(30, 255, 200) == (200, 200, 0)
    assert hsv_to_rgb(120, 255, 255) == (0, 0, 255)
