"""Polygons are filled by pixel centres, cut at the picture's edge."""

from __future__ import annotations

import numpy as np
import pytest

from tfds_builders.polygons import fill_polygon, polygon_area


def is_inside(x: float, y: float, polygon: list[tuple[float, float]]) -> bool:
    """Counts the edges right of a point: the plain way, one pixel at a time."""
    inside = False
    for (x0, y0), (x1, y1) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (y0 <= y) != (y1 <= y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside


def test_a_rectangle_is_as_wide_as_its_coordinates_say() -> None:
    mask = fill_polygon(
        [(2, 1), (5, 1), (5, 3), (2, 3)], height_px=4, width_px=8
    ).whole()

    assert np.argwhere(mask).tolist() == [
        [row, column] for row in (1, 2) for column in (2, 3, 4)
    ]


@pytest.mark.parametrize("seed", range(25))
def test_a_random_polygon_holds_the_centres_that_a_plain_count_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    polygon = [(x, y) for x, y in rng.uniform(-8, 28, (rng.integers(3, 9), 2)).tolist()]

    mask = fill_polygon(polygon, height_px=18, width_px=22).whole()

    expected = [
        [is_inside(column + 0.5, row + 0.5, polygon) for column in range(22)]
        for row in range(18)
    ]
    assert mask.tolist() == expected


def test_a_repeated_last_corner_changes_nothing() -> None:
    polygon = [(1.2, 0.4), (9.7, 3.1), (4.0, 8.8)]

    closed = fill_polygon([*polygon, polygon[0]], height_px=10, width_px=10).whole()

    open_one = fill_polygon(polygon, height_px=10, width_px=10).whole()
    assert (closed == open_one).all()
    assert closed.sum() == pytest.approx(polygon_area(polygon), abs=4)


@pytest.mark.parametrize(
    "corners",
    [
        [(30, 30), (40, 30), (40, 40)],
        [(-9, 1), (-2, 1), (-2, 5)],
        [(1, -9), (5, -9), (3, -1)],
    ],
    ids=["right below", "left", "above"],
)
def test_a_polygon_off_the_picture_is_empty(corners: list[tuple[int, int]]) -> None:
    assert not fill_polygon(corners, height_px=20, width_px=20).whole().any()


def test_one_around_the_picture_fills_it() -> None:
    around = [(-5, -5), (50, -5), (50, 50), (-5, 50)]

    assert fill_polygon(around, height_px=7, width_px=9).whole().all()


@pytest.mark.parametrize(
    ("corners", "message"),
    [
        ([(0, 0), (1, 1)], r"three or more corners .* got the shape \[2, 2\]"),
        ([1, 2, 3], r"got the shape \[3\]"),
        ([(0, 0), (1,), (2, 2)], "corners must be pairs of numbers"),
        ([(0, 0), (1, float("nan")), (2, 2)], "finite"),
        ([("a", 0), (1, 1), (2, 2)], "corners must be pairs of numbers"),
    ],
    ids=["two", "flat", "ragged", "nan", "text"],
)
def test_what_is_no_polygon_is_refused(corners: list, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fill_polygon(corners, height_px=4, width_px=4)
