"""Overlays: every pixel's colour worked out, the legend's words and colours there."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tfx_pipeline.cli.predict_classes import Classes, numbered_classes
from tfx_pipeline.cli.predict_overlay import draw_overlay, shown_size, tint

CLASSES = Classes(
    names=("background", "red", "blue"),
    rgb=((0, 0, 0), (200, 0, 0), (0, 0, 255)),
    background_id=0,
)


def test_classes_are_tinted_and_outlined_and_the_background_is_left() -> None:
    photo = np.full((7, 7, 3), 100, np.uint8)
    mask_ids = np.zeros((7, 7), np.uint8)
    mask_ids[1:6, 1:6] = 1

    pixels = tint(photo, mask_ids, CLASSES)

    outside = mask_ids == 0
    assert (pixels[outside] == 100).all()
    inside = np.zeros((7, 7), bool)
    inside[2:5, 2:5] = True
    assert (pixels[inside] == (145, 55, 55)).all()  # 0.55 * 100 + 0.45 * colour
    assert (pixels[~outside & ~inside] == (200, 0, 0)).all()


def test_without_a_background_everything_is_tinted() -> None:
    classes = numbered_classes(3)
    pixels = tint(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.uint8), classes)

    assert (pixels == 58).all()  # 0.45 * 128


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((3000, 4000), (1200, 1600)),
        ((1600, 900), (1600, 900)),
        ((40, 56), (360, 504)),
        ((1, 20000), (1, 1600)),
        ((511, 512), (511, 512)),
    ],
    ids=str,
)
def test_overlays_have_a_size_that_can_be_looked_at(
    size: tuple[int, int], shown: tuple[int, int]
) -> None:
    assert shown_size(*size) == shown


def colours_of(image: Image.Image) -> set[tuple[int, ...]]:
    return {colour for _, colour in image.getcolors(1 << 24)}


def test_the_legend_shows_the_classes_that_are_there() -> None:
    photo = Image.new("RGB", (600, 400), (90, 90, 90))
    mask_ids = np.zeros((100, 150), np.uint8)
    mask_ids[20:40, 20:40] = 1

    sheet = draw_overlay(
        photo, mask_ids, CLASSES, caption="a.jpg", areas=[0.97, 0.03, 0]
    )

    assert sheet.width == 600
    legend = sheet.crop((0, 400, 600, sheet.height))
    assert 20 < legend.height < 100
    assert (200, 0, 0) in colours_of(legend)
    assert (0, 0, 255) not in colours_of(legend)
    shown = np.asarray(sheet)[:400]
    changed = (shown != 90).any(-1)
    expected = np.zeros((400, 600), bool)
    expected[80:160, 80:160] = True
    np.testing.assert_array_equal(changed, expected)


def test_more_classes_take_more_lines_and_none_is_lost() -> None:
    classes = numbered_classes(60)
    mask_ids = np.arange(60, dtype=np.uint8).reshape(1, 60)
    photo = Image.new("RGB", (600, 30))

    sheet = draw_overlay(
        photo, mask_ids, classes, caption="x" * 500, areas=[1 / 60] * 60
    )

    assert sheet.width == 600
    legend = sheet.crop((0, 30, 600, sheet.height))
    assert set(classes.rgb) <= colours_of(legend)


def test_numbered_classes_can_be_told_apart() -> None:
    rgb = np.array(numbered_classes(20).rgb, int)
    distances = np.abs(rgb[:, None] - rgb[None]).sum(-1) + 1000 * np.eye(20, dtype=int)

    assert distances.min() >= 60
    assert numbered_classes(2).names == ("class 0", "class 1")


def test_a_narrow_photo_stands_in_the_middle_of_its_legend() -> None:
    photo = Image.new("RGB", (20, 500), (9, 9, 9))

    sheet = draw_overlay(
        photo,
        np.zeros((500, 20), np.uint8),
        CLASSES,
        caption="a",
        areas=[1, 0, 0],
    )

    row = np.asarray(sheet)[250]
    assert np.flatnonzero((row == 9).all(-1)).tolist() == list(range(170, 190))
