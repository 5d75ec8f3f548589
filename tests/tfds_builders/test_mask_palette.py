"""Hues are counted exactly, merged in any order, and their peaks found."""

from __future__ import annotations

import numpy as np
import pytest

from tfds_builders.mask_palette import (
    ColorCounts,
    count_colors,
    find_peaks,
    frequent_colors,
    hue_histogram,
    merge_colors,
    no_colors,
)

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
DARK_GREEN, YELLOW = (0, 100, 0), (255, 255, 0)


def stripes(colors: dict[tuple[int, int, int], int], height: int = 10) -> np.ndarray:
    """Returns a picture of vertical stripes of the given widths."""
    row = [rgb for rgb, width in colors.items() for _ in range(width)]
    return np.repeat(np.array([row], np.uint8), height, axis=0)


def of_hues(pixels: dict[int, int]) -> ColorCounts:
    """Returns counts with so many pixels at each hue."""
    empty = no_colors()
    levels = np.zeros((180, 256), np.int64)
    for hue, count in pixels.items():
        levels[hue, 255] = count
    return ColorCounts(
        pixels=int(levels.sum()),
        saturations=levels,
        values=levels.copy(),
        cells=empty.cells,
        cell_sums=empty.cell_sums,
    )


def same(first: ColorCounts, second: ColorCounts) -> bool:
    names = ("saturations", "values", "cells", "cell_sums")
    return first.pixels == second.pixels and all(
        np.array_equal(getattr(first, name), getattr(second, name)) for name in names
    )


def test_each_pixel_counts_at_its_hue_saturation_and_value() -> None:
    counts = count_colors(stripes({RED: 3, (128, 64, 64): 2, DARK_GREEN: 4}))

    assert counts.pixels == counts.colored_pixels == 90
    assert counts.hues[0] == 50
    assert counts.hues[60] == 40
    assert counts.saturations[0, 255] == 30
    # (128 - 64) / 128 * 255 = 127.5
    assert counts.saturations[0, 127:129].sum() == 20
    assert counts.values[0, [128, 255]].tolist() == [20, 30]
    assert counts.values[60, 100] == 40


@pytest.mark.parametrize(
    ("limits", "colored"),
    [
        ({}, 90),
        ({"min_saturation": 1}, 70),
        ({"min_value": 101}, 30),
        ({"min_value": 100}, 70),
        ({"min_saturation": 255, "min_value": 255}, 30),
    ],
    ids=["none", "grey", "dark", "dark-included", "pure"],
)
def test_grey_and_dark_pixels_have_no_hue(limits: dict[str, int], colored: int) -> None:
    picture = stripes({RED: 3, (90, 90, 90): 2, DARK_GREEN: 4})

    counts = count_colors(picture, **limits)

    assert (counts.pixels, counts.colored_pixels) == (90, colored)
    assert counts.cells.sum() == 90


def test_a_picture_counts_the_same_in_blocks_as_in_pieces() -> None:
    rng = np.random.default_rng(0)
    # Wider than a block of rows.
    picture = rng.integers(0, 256, (1100, 1024, 3), np.uint8)

    whole = count_colors(picture)
    pieces = [count_colors(picture[start : start + 367]) for start in (0, 367, 734)]

    for order in ([0, 1, 2], [2, 0, 1]):
        merged = no_colors()
        for index in order:
            merged = merge_colors(merged, pieces[index])
        assert same(merged, whole)
    assert same(merge_colors(whole, no_colors()), whole)


def test_the_size_of_counts_does_not_grow() -> None:
    small, large = (
        count_colors(np.full((side, side, 3), 7, np.uint8)) for side in (1, 300)
    )

    for name in ("saturations", "values", "cells", "cell_sums"):
        assert getattr(small, name).nbytes == getattr(large, name).nbytes


def test_a_hundred_bins_share_hues_evenly() -> None:
    even = hue_histogram(of_hues(dict.fromkeys(range(180), 10)))

    np.testing.assert_allclose(even, np.full(100, 18.0))
    # Hue 60 is the range 60 to 61: bin 33 is 59.4 to 61.2.
    assert hue_histogram(of_hues({60: 8}))[33] == pytest.approx(8)
    # Hue 1 is the range 1 to 2: bin 0 ends at 1.8.
    np.testing.assert_allclose(hue_histogram(of_hues({1: 10}))[:3], [8, 2, 0])


def test_pure_colours_are_peaks_by_their_share() -> None:
    picture = stripes({YELLOW: 5, GREEN: 2, BLUE: 1, (9, 9, 9): 8})

    peaks = find_peaks(count_colors(picture, min_saturation=1))

    assert [(peak.hue, peak.hue_range, peak.share) for peak in peaks] == [
        (30, (30, 30), 0.625),
        (60, (60, 60), 0.25),
        (120, (120, 120), 0.125),
    ]
    assert peaks[0].pixels == 50
    assert peaks[0].saturation_range == peaks[0].value_range == (255, 255)


def test_two_brightnesses_of_one_hue_are_told_by_its_values() -> None:
    (peak,) = find_peaks(count_colors(stripes({GREEN: 3, DARK_GREEN: 7})))

    assert np.flatnonzero(peak.values).tolist() == [100, 255]
    assert peak.values[[100, 255]].tolist() == [70, 30]
    assert peak.value_range == (100, 255)


def test_a_range_leaves_out_five_percent_at_either_end() -> None:
    picture = stripes({(0, 40, 0): 4, DARK_GREEN: 92, GREEN: 4})

    (peak,) = find_peaks(count_colors(picture))

    assert peak.value_range == (100, 100)


def test_a_peak_takes_its_slopes_and_ends_in_the_valley() -> None:
    counts = of_hues({58: 20, 59: 60, 60: 100, 61: 50, 62: 10, 64: 8, 65: 40, 66: 9})

    peaks = find_peaks(counts)

    assert [(peak.hue, peak.hue_range) for peak in peaks] == [
        (60, (58, 62)),
        (65, (64, 66)),
    ]
    assert sum(peak.pixels for peak in peaks) == 297


def test_a_peak_goes_on_across_the_seam_of_the_circle() -> None:
    (peak,) = find_peaks(of_hues({178: 10, 179: 30, 0: 50, 1: 20}))

    assert (peak.hue, peak.hue_range, peak.pixels) == (0, (178, 1), 110)


def test_at_most_the_limit_of_peaks_and_none_of_a_trace() -> None:
    many = of_hues({hue: 100 + hue for hue in range(0, 175, 5)})

    peaks = find_peaks(many)

    assert [peak.hue for peak in peaks] == list(range(170, 70, -5))
    assert [peak.hue for peak in find_peaks(of_hues({10: 1000, 90: 1}))] == [10]
    assert find_peaks(no_colors()) == []


def test_frequent_colours_are_exact_and_similar_ones_their_mean() -> None:
    picture = stripes({(250, 149, 10): 5, (16, 16, 16): 2, (20, 18, 16): 2, BLUE: 1})

    found = frequent_colors(count_colors(picture))

    assert [(color.rgb, color.share) for color in found] == [
        ((250, 149, 10), 0.5),
        ((18, 17, 16), 0.4),
        (BLUE, 0.1),
    ]
    assert len(frequent_colors(count_colors(picture), limit=2)) == 2
    assert frequent_colors(no_colors()) == []


@pytest.mark.parametrize(
    "array",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3))],
    ids=["grey", "alpha", "float"],
)
def test_what_is_no_rgb_picture_is_refused(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"must be uint8 \[height, width, 3\], got"):
        count_colors(array)
