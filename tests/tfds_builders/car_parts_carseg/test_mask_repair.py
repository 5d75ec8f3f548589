"""Parts are rebuilt from the overlay's colours, within the old mask's car."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tests.tfds_builders.car_parts_carseg.drawn_carseg import (
    HEIGHT,
    OVERLAY_RGB,
    WIDTH,
    jpeg,
    overlay_rgb,
    part_values,
)
from tfds_builders.car_parts_carseg.mask_repair import (
    OVERLAY_COLORS,
    drop_small_areas,
    repair_part_values,
)

GREY = (80, 80, 80)


def only_car(car: tuple[slice, slice] = np.s_[4:44, 2:62]) -> np.ndarray:
    values = np.zeros((HEIGHT, WIDTH), np.uint8)
    values[car] = 90
    return values


def painted(value: int, where: tuple[slice, slice]) -> np.ndarray:
    rgb = np.full((HEIGHT, WIDTH, 3), GREY, np.uint8)
    rgb[where] = OVERLAY_RGB[value]
    return rgb


def test_a_lossless_overlay_gives_all_eight_parts_back() -> None:
    true = part_values()

    repaired = repair_part_values(only_car(), overlay_rgb("photo_0001"))

    np.testing.assert_array_equal(repaired, true)


def test_a_jpeg_overlay_gives_them_back_but_for_their_edges() -> None:
    data = jpeg(overlay_rgb("photo_0001"), quality=95)
    pixels = np.asarray(Image.open(io.BytesIO(data)))

    repaired = repair_part_values(only_car(), pixels)

    inner = np.zeros((HEIGHT, WIDTH), bool)
    for row in (6, 24):
        for left in (4, 19, 34, 49):
            inner[row + 2 : row + 8, left + 2 : left + 10] = True
    np.testing.assert_array_equal(repaired[inner], part_values()[inner])
    assert (repaired == part_values()).mean() > 0.95


def test_wrong_parts_of_the_old_mask_are_gone_and_its_background_stays() -> None:
    old = only_car()
    old[10:40, 10:50] = 80
    overlay = painted(10, np.s_[0:20, 5:30])

    repaired = repair_part_values(old, overlay)

    expected = only_car()
    expected[4:20, 5:30] = 10
    np.testing.assert_array_equal(repaired, expected)


@pytest.mark.parametrize(("width", "kept"), [(8, True), (7, False)])
def test_areas_below_forty_pixels_are_dropped(width: int, kept: bool) -> None:
    overlay = painted(30, np.s_[10:15, 10 : 10 + width])

    repaired = repair_part_values(only_car(), overlay)

    assert (repaired == 30).sum() == (40 if kept else 0)
    assert (repaired == 90).sum() == 40 * 60 - (40 if kept else 0)


def test_pixels_that_touch_at_a_corner_are_one_area() -> None:
    corners = np.array([[1, 0, 0, 1], [0, 1, 0, 0]], bool)

    assert drop_small_areas(corners, 2).tolist() == [
        [True, False, False, False],
        [False, True, False, False],
    ]


def test_a_gap_of_three_pixels_is_closed_and_a_wider_one_is_not() -> None:
    overlay = painted(70, np.s_[10:30, 10:50])
    overlay[18:21, 20:23] = GREY
    overlay[10:30, 34:41] = GREY

    repaired = repair_part_values(only_car(), overlay)

    expected = only_car()
    expected[10:30, 10:34] = expected[10:30, 41:50] = 70
    np.testing.assert_array_equal(repaired, expected)


def test_closing_does_not_reach_over_the_edge_of_the_car() -> None:
    old = only_car()
    old[10:30, 30] = 0
    overlay = painted(40, np.s_[10:30, 10:50])

    repaired = repair_part_values(old, overlay)

    assert (repaired[10:30, 30] == 0).all()
    assert (repaired[10:30, 29] == 40).all()


def test_a_later_part_covers_the_pixels_that_an_earlier_one_closed() -> None:
    overlay = painted(10, np.s_[10:30, 10:50])
    overlay[12:29, 20:23] = OVERLAY_RGB[80]

    repaired = repair_part_values(only_car(), overlay)

    assert (repaired[12:29, 20:23] == 80).all()
    assert (repaired == 10).sum() == 20 * 40 - 17 * 3


@pytest.mark.parametrize(
    ("rgb", "value"),
    [
        ((0, 130, 0), 60),
        ((0, 129, 0), 20),
        ((0, 70, 0), 20),
        ((0, 69, 0), 90),
        ((180, 0, 180), 50),
        ((181, 0, 181), 80),
        ((75, 250, 75), 90),
        ((73, 250, 73), 60),
    ],
    ids=lambda value: str(value).replace(" ", ""),
)
def test_brightness_tells_parts_of_one_hue_and_pale_is_none(
    rgb: tuple[int, int, int], value: int
) -> None:
    overlay = np.full((HEIGHT, WIDTH, 3), rgb, np.uint8)

    assert np.unique(repair_part_values(only_car(), overlay)).tolist() == [0, value]


def test_every_part_but_the_rest_has_a_colour() -> None:
    assert [color.part_value for color in OVERLAY_COLORS] == list(OVERLAY_RGB)


def test_an_overlay_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size 64 x 48, got 48 x 64; put the overlay"):
        repair_part_values(only_car(), np.zeros((WIDTH, HEIGHT, 3), np.uint8))
