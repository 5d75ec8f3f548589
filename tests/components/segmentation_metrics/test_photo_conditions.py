from __future__ import annotations

import doctest
import math

import cv2
import numpy as np
import pytest

from components.segmentation_metrics import photo_conditions as module
from components.segmentation_metrics.corruptions import (
    corrupt,
)
from components.segmentation_metrics.photo_conditions import (
    ConditionBounds,
    blur,
    brightness,
    laplacian_variance,
    object_size,
    photo_conditions,
)
from tfds_builders.synthetic_cars.scene import paint_scene


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return paint_scene(4, height_px=384, width_px=512).image


def plain_luma(image: np.ndarray) -> list[list[float]]:
    return [[0.299 * r + 0.587 * g + 0.114 * b for r, g, b in row] for row in image]


def filtered(values: list[list[float]], weights: dict) -> list[list[float]]:
    """Weighted sums of neighbours by (row, column) offset; edges are mirrors."""
    height, width = len(values), len(values[0])

    def at(row: int, column: int) -> float:
        row, column = abs(row), abs(column)
        row = row if row < height else 2 * height - 2 - row
        column = column if column < width else 2 * width - 2 - column
        return values[row][column]

    return [
        [
            sum(w * at(row + down, column + right) for (down, right), w in offsets)
            for column in range(width)
        ]
        for offsets in [list(weights.items())]
        for row in range(height)
    ]


def plain_laplacian_variance(image: np.ndarray) -> float:
    luma = [[float(round(value)) for value in row] for row in plain_luma(image)]
    bell = [math.exp(-(x**2) / 2) for x in range(-4, 5)]
    share = [value / sum(bell) for value in bell]
    smooth = filtered(luma, {(y - 4, 0): share[y] for y in range(9)})
    smooth = filtered(smooth, {(0, x - 4): share[x] for x in range(9)})
    cross = {(-1, 0): 1, (1, 0): 1, (0, -1): 1, (0, 1): 1, (0, 0): -4}
    bends = [value for row in filtered(smooth, cross) for value in row]
    mean = sum(bends) / len(bends)
    return sum((value - mean) ** 2 for value in bends) / len(bends)


def test_brightness_is_the_mean_luma():
    rng = np.random.default_rng(0)
    seen = set()
    for _ in range(60):
        low = int(rng.integers(0, 250))
        image = rng.integers(low, min(256, low + 80), (9, 7, 3), np.uint8)
        mean = sum(map(sum, plain_luma(image))) / 63
        if min(abs(mean - 70), abs(mean - 170)) < 0.6:
            continue  # luma is rounded
        expected = "dark" if mean < 70 else "normal" if mean < 170 else "bright"
        assert brightness(image) == expected
        seen.add(expected)
    assert seen == {"dark", "normal", "bright"}


@pytest.mark.parametrize(
    ("grey", "word"), [(69, "dark"), (70, "normal"), (169, "normal"), (170, "bright")]
)
def test_a_bound_belongs_to_the_brighter_word(grey, word):
    assert brightness(np.full((3, 5, 3), grey, np.uint8)) == word


def test_sharpness_is_the_variance_of_the_smoothed_laplacian():
    image = np.random.default_rng(1).integers(0, 256, (24, 40, 3), np.uint8)
    found = laplacian_variance(image, side_px=40)
    assert found == pytest.approx(plain_laplacian_variance(image), rel=5e-3)


def test_a_photo_out_of_focus_is_soft_then_blurred(photo):
    words = [blur(photo)]
    words += [blur(corrupt(photo, "blur", strength, 0)) for strength in (2, 4)]
    assert words == ["sharp", "soft", "blurred"]
    assert blur(np.full((20, 30, 3), 90, np.uint8)) == "blurred"


@pytest.mark.parametrize("strength", [0, 1, 2, 4])
def test_conditions_do_not_depend_on_the_photos_size(photo, strength):
    large = corrupt(photo, "blur", strength, 0) if strength else photo
    small = cv2.resize(large, (400, 300), interpolation=cv2.INTER_AREA)
    for measure in (blur, brightness):
        assert measure(large) == measure(small)
    variances = laplacian_variance(large, 256), laplacian_variance(small, 256)
    assert variances[0] == pytest.approx(variances[1], rel=0.2)


def test_an_objects_size_is_its_share_of_the_counted_pixels():
    rng = np.random.default_rng(2)
    seen = set()
    for _ in range(200):
        weights = rng.dirichlet([0.6, 0.05, 0.05, 0.3])
        mask = rng.choice([0, 1, 2, 255], (5, 8), p=weights).astype(np.uint8)
        counted = foreground = 0
        for value in mask.reshape(-1).tolist():
            counted += value != 255
            foreground += value not in (0, 255)
        share = foreground / counted if counted else 0
        expected = (
            "none"
            if not foreground
            else "small"
            if share < 0.05
            else "medium"
            if share < 0.25
            else "large"
        )
        assert object_size(mask, background_id=0) == expected
        seen.add(expected)
    assert seen == {"none", "small", "medium", "large"}


def test_all_void_holds_no_object_and_without_background_all_is_object():
    assert object_size(np.full((2, 2), 255, np.uint8), background_id=0) == "none"
    mask = np.array([[0, 0, 0, 9]], np.uint8)
    assert object_size(mask, background_id=None, void_id=9) == "large"
    assert object_size(mask, background_id=0, void_id=9) == "none"


def test_all_conditions_at_once_follow_the_given_bounds(photo):
    mask = np.zeros(photo.shape[:2], np.uint8)
    mask[:60] = 1  # 60 of 384 rows
    mean = float((photo @ np.array([0.299, 0.587, 0.114])).mean())
    found = photo_conditions(photo, mask, background_id=0)
    assert found["object_size"] == "medium"
    bounds = ConditionBounds(
        normal_from=mean + 1,
        bright_from=mean + 2,
        soft_from=1e5,
        sharp_from=1e6,
        medium_from=0.01,
        large_from=0.15,
    )
    strict = photo_conditions(photo, mask, background_id=0, bounds=bounds)
    assert strict == {"brightness": "dark", "blur": "blurred", "object_size": "large"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"normal_from": 180},
            "normal_from must be above 0 and below bright_from, which is at most 255.0,"
            " got 180 and 170.0",
        ),
        (
            {"large_from": 1.5},
            "medium_from must be above 0 and below large_from, which is at most 1.0,"
            " got 0.05 and 1.5",
        ),
        (
            {"blur_side_px": 2},
            "blur_side_px must be at least 3, got 2; 256 suits photos",
        ),
    ],
    ids=["order", "share", "side"],
)
def test_impossible_bounds_are_refused(options, message):
    with pytest.raises(ValueError) as error:
        ConditionBounds(**options)
    assert str(error.value) == message


def test_examples_hold():
    assert doctest.testmod(module) == (0, 2)
