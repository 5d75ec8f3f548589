from __future__ import annotations

import colorsys
import doctest
import math

import cv2
import numpy as np
import pytest

from components.segmentation_metrics import corruption, corruptions
from components.segmentation_metrics.corruption import (
    KINDS,
    STRENGTHS,
    Corruption,
)
from components.segmentation_metrics.corruptions import (
    corrupt,
)
from tests.components.dataset_auditor.drawn_records import draw_photo

DRAWN_BY_CHANCE = ("noise", "snow", "frost", "fog")


def photo(seed: int = 0, width: int = 120, height: int = 80) -> np.ndarray:
    """A landscape with hard edges on it."""
    image = np.asarray(draw_photo(seed, width, height)).copy()
    image[height // 4 : height // 2, width // 4 : width // 2] = (180, 30, 30)
    image[height // 2 : height // 2 + 4] = (20, 20, 25)
    return image


def difference(left: np.ndarray, right: np.ndarray) -> float:
    """Mean absolute difference."""
    return float(np.abs(left.astype(int) - right.astype(int)).mean())


@pytest.mark.parametrize("kind", KINDS)
def test_a_greater_strength_changes_more(kind):
    for seed, size in enumerate([(64, 40), (90, 150)]):
        image = photo(seed, *size)
        changes = [0.0]
        changes += [difference(image, corrupt(image, kind, s, seed)) for s in STRENGTHS]
        assert all(np.diff(changes) > 0.05), changes


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_pixels_and_the_photo_stays(kind):
    image = photo()
    before = image.copy()
    first = corrupt(image, kind, 3, 11)
    np.testing.assert_array_equal(first, corrupt(image, kind, 3, 11))
    np.testing.assert_array_equal(image, before)
    is_other = bool((first != corrupt(image, kind, 3, 12)).any())
    assert is_other == (kind in DRAWN_BY_CHANCE)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(1, 1), (1, 50), (9, 80), (300, 2)], ids=str)
def test_every_size_of_photo_keeps_its_size(kind, size):
    image = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    spoiled = corrupt(image, kind, 5, 1)
    assert (spoiled.shape, spoiled.dtype) == (image.shape, np.uint8)


@pytest.mark.parametrize("kind", ["blur", "snow", "frost", "fog", "brightness"])
def test_a_photo_and_its_thumbnail_are_spoiled_alike(kind):
    image = photo(3, 1200, 900)
    for strength in (1, 5):
        large = cv2.resize(
            corrupt(image, kind, strength, 5), (400, 300), interpolation=cv2.INTER_AREA
        )
        thumbnail = cv2.resize(image, (400, 300), interpolation=cv2.INTER_AREA)
        small = corrupt(thumbnail, kind, strength, 5)
        assert difference(large, small) < 0.2 * difference(large, thumbnail)


def test_a_point_becomes_a_disc_of_three_hundredths_of_the_span():
    image = np.zeros((200, 200, 3), np.uint8)
    image[:, 100:] = 255
    radius = 0.032 * 200
    row = corrupt(image, "blur", 5, 0)[100, :, 0]
    for column, value in enumerate(row):
        # The share of a disc around the pixel's centre that lies on the white half.
        x = min(max(column + 0.5 - 100, -radius), radius)
        part = x * math.sqrt(radius**2 - x**2) + radius**2 * math.asin(x / radius)
        expected = 255 * (0.5 + part / (math.pi * radius**2))
        assert abs(float(value) - expected) < 3


@pytest.mark.parametrize("span", [64, 700])
@pytest.mark.parametrize("grey", [40, 128, 200])
def test_noise_has_the_deviation_of_photons_and_sensor(span, grey):
    image = np.full((span, span, 3), grey, np.uint8)
    noise = corrupt(image, "noise", 2, 4).astype(float) / 255 - grey / 255
    expected = math.sqrt(0.05**2 + 0.11**2 * grey / 255)
    assert abs(noise.mean()) < 0.05 * expected
    assert noise.std() == pytest.approx(expected, rel=0.08)


def test_brightness_adds_to_the_value_and_keeps_hue_and_saturation():
    image = np.random.default_rng(1).integers(0, 256, (6, 7, 3), np.uint8)
    found = corrupt(image, "brightness", 3, 0)
    for pixel, brighter in zip(image.reshape(-1, 3), found.reshape(-1, 3), strict=True):
        hue, saturation, value = colorsys.rgb_to_hsv(*(pixel / 255))
        expected = colorsys.hsv_to_rgb(hue, saturation, min(1.0, value + 0.3))
        np.testing.assert_allclose(brighter, np.multiply(expected, 255), atol=1)


def test_snow_falls_in_streaks_that_are_longer_than_wide():
    dark = np.zeros((384, 384, 3), np.uint8)
    lit = corrupt(dark, "snow", 1, 2)[..., 0] > 90
    count, _, boxes, _ = cv2.connectedComponentsWithStats(lit.astype(np.uint8))
    flakes = boxes[1:][boxes[1:, cv2.CC_STAT_AREA] >= 4]
    assert count > 60
    heights, widths = flakes[:, cv2.CC_STAT_HEIGHT], flakes[:, cv2.CC_STAT_WIDTH]
    assert heights.sum() > 1.3 * widths.sum()


def test_frost_grows_from_the_edges_of_the_pane():
    dark = np.zeros((160, 240, 3), np.uint8)
    ice = np.mean([corrupt(dark, "frost", 4, seed)[..., 0] for seed in range(4)], 0)
    middle = ice[50:110, 75:165].mean()
    frame = (ice.sum() - ice[20:140, 30:210].sum()) / (160 * 240 - 120 * 180)
    assert frame > 1.5 * middle > 0


def test_fog_takes_contrast_and_more_of_it_far_away():
    image = np.random.default_rng(2).integers(0, 256, (90, 90, 3), np.uint8)
    contrast = [image.std()]
    contrast += [corrupt(image, "fog", strength, 3).std() for strength in STRENGTHS]
    assert all(np.diff(contrast) < 0)
    foggy = [corrupt(image, "fog", 4, seed) for seed in range(5)]
    far = np.mean([part[:30].std() for part in foggy])
    assert far < np.mean([part[60:].std() for part in foggy])


def test_jpeg_leaves_edges_between_its_blocks():
    image = np.asarray(draw_photo(6, 128, 128))
    steps = np.abs(np.diff(corrupt(image, "jpeg", 5, 0).astype(int), axis=1))
    columns = steps.mean((0, 2))  # [127], step from each column to the next
    assert columns[7::8].mean() > 3 * np.delete(columns, np.s_[7::8]).mean()


@pytest.mark.parametrize(
    ("kind", "strength", "message"),
    [
        ("rain", 1, "a corruption must be one of blur, noise, .*jpeg, got 'rain'"),
        ("fog", 0, "the strength of 'fog' must be 1 to 5, got 0"),
        ("fog", 6, "the strength of 'fog' must be 1 to 5, got 6"),
        ("fog", True, "the strength of 'fog' must be 1 to 5, got True"),
    ],
)
def test_what_is_unknown_is_refused(kind, strength, message):
    with pytest.raises(ValueError, match=message):
        corrupt(photo(), kind, strength, 0)


def test_what_is_no_photo_is_refused():
    with pytest.raises(ValueError, match=r"uint8 \[height.*got float64 \(4, 4, 3\)"):
        corrupt(np.zeros((4, 4, 3)), "fog", 1, 0)


def test_labels_are_read_back_and_others_refused():
    for kind in KINDS:
        for strength in STRENGTHS:
            corruption = Corruption(kind, strength)
            assert corruption.label == f"{kind} {strength}"
            assert Corruption.from_label(corruption.label) == corruption
    for label in ("fog", "fog x", "fog 2 3", "", "hail 2"):
        with pytest.raises(ValueError, match="must be"):
            Corruption.from_label(label)


def test_every_kind_has_a_spoiler_and_the_examples_of_its_name_hold():
    assert tuple(corruptions._SPOILERS) == KINDS
    assert doctest.testmod(corruption) == (0, 2)
