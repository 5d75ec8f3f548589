import math
from typing import Any

import numpy as np
import pytest

from tests.tfds_builders.car_damage_small.drawn_via import box
from tfds_builders.car_damage_small.via_shapes import read_shape
from tfds_builders.polygons import fill_polygon, polygon_area


def filled(shape: Any) -> np.ndarray:
    return fill_polygon(read_shape(shape), height_px=16, width_px=24).whole()


def test_polygon_polyline_and_rectangle_cover_the_same_pixels() -> None:
    expected = np.zeros((16, 24), bool)
    expected[3:9, 5:15] = True
    rectangle = {"name": "rect", "x": 5, "y": 3, "width": 10, "height": 6}
    polygon = box(5, 3, 15, 9)
    for shape in (polygon, polygon | {"name": "polyline"}, rectangle):
        np.testing.assert_array_equal(filled(shape), expected)


def test_a_circle_has_its_centre_and_area() -> None:
    corners = read_shape({"name": "circle", "cx": 10, "cy": 8, "r": 5})
    assert polygon_area(corners) == pytest.approx(math.pi * 25, rel=5e-4)
    np.testing.assert_allclose(np.mean(corners, axis=0), [10, 8])


def test_an_ellipse_turns_by_its_angle_in_radians() -> None:
    lying = {"name": "ellipse", "cx": 12, "cy": 8, "rx": 7, "ry": 2}
    assert polygon_area(read_shape(lying)) == pytest.approx(math.pi * 14, rel=5e-4)
    rows, columns = np.nonzero(filled(lying))
    assert (np.ptp(columns) + 1, np.ptp(rows) + 1) == (14, 4)
    rows, columns = np.nonzero(filled(lying | {"theta": math.pi / 2}))
    assert (np.ptp(columns) + 1, np.ptp(rows) + 1) == (4, 14)
    # y points down: a quarter turn clockwise brings the right end down.
    down = filled(lying | {"theta": math.pi / 4})
    assert down[11, 15] and not down[5, 15]


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (
            {"name": "point", "cx": 1, "cy": 2},
            "ellipse, got 'point', which has no area",
        ),
        (
            {},
            "a region must be one of polygon, polyline, rect, circle, ellipse, got No",
        ),
        (None, "a region must be one of polygon"),
        ({"name": ["rect"]}, "a region must be one of polygon"),
        (
            {"name": "polyline", "all_points_x": [1, 2], "all_points_y": [1, 2]},
            "a polyline must have three or more corners, as many x as y, got 2 x and 2",
        ),
        (
            {"name": "polygon", "all_points_x": [1, 2, 3], "all_points_y": [1, 2]},
            "got 3 x and 2 y; draw it again",
        ),
        ({"name": "polygon"}, "got 0 x and 0 y; draw it again"),
        (
            {
                "name": "polygon",
                "all_points_x": [1, 2, None],
                "all_points_y": [1, 2, 3],
            },
            "a polygon must have three or more corners",
        ),
        ({"name": "circle", "cx": 1, "cy": 2}, r"must have the numbers cx, cy, r, got"),
        (
            {"name": "rect", "x": 1, "y": 2, "width": "3", "height": math.nan},
            "a rect must have the numbers x, y, width, height",
        ),
    ],
    ids=[
        "point",
        "no-name",
        "none",
        "list",
        "line",
        "uneven",
        "no-corners",
        "null",
        "no-radius",
        "text",
    ],
)
def test_a_shape_without_area_is_refused_by_name(shape: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        read_shape(shape)
    assert "\n" not in str(caught.value)
