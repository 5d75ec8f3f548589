from __future__ import annotations

import colorsys
from typing import Any

import cv2
import numpy as np
import pytest
import tensorflow as tf

from tfx_pipeline.config.augment import NO_AUGMENT, AugmentConfig
from tfx_pipeline.data.augment.photometric import (
    adjust_color,
    adjust_light,
    blur,
    change_colors,
    through_jpeg,
)


def noise(height: int = 24, width: int = 20) -> np.ndarray:
    return np.random.default_rng(4).integers(0, 256, (height, width, 3), np.uint8)


def only(**bounds: Any) -> AugmentConfig:
    return AugmentConfig.from_dict({**NO_AUGMENT.to_dict(), **bounds})


def changed(image: np.ndarray, draws: float, config: AugmentConfig) -> np.ndarray:
    return change_colors(tf.constant(image), tf.fill([8], draws), config).numpy()


def test_without_bounds_no_bit_changes() -> None:
    np.testing.assert_array_equal(changed(noise(), 0.01, NO_AUGMENT), noise())


def test_light_is_scaled_about_the_mean_and_then_added() -> None:
    image = np.array([[[10, 10, 10], [30, 30, 30]]], np.uint8)
    result = adjust_light(tf.constant(image), tf.constant(1.5), tf.constant(0.2))
    np.testing.assert_array_equal(result[0, :, 0].numpy(), [5 + 51, 35 + 51])
    too_much = adjust_light(tf.constant(image), tf.constant(1.0), tf.constant(1.0))
    assert (too_much.numpy() == 255).all()


def test_colour_agrees_with_pythons_own_hsv() -> None:
    image = noise(4, 5)
    result = adjust_color(tf.constant(image), tf.constant(0.6), tf.constant(-0.2))
    for before, after in zip(
        image.reshape(-1, 3), result.numpy().reshape(-1, 3), strict=True
    ):
        hue, saturation, value = colorsys.rgb_to_hsv(*(before / 255))
        expected = colorsys.hsv_to_rgb((hue - 0.2) % 1, saturation * 0.6, value)
        assert np.abs(after - np.array(expected) * 255).max() <= 0.51


def test_saturation_zero_is_grey_and_one_is_the_photo() -> None:
    image = tf.constant(noise())
    grey = adjust_color(image, tf.constant(0.0), tf.constant(0.0)).numpy()
    assert (grey == grey[..., :1]).all()
    same = adjust_color(image, tf.constant(1.0), tf.constant(0.0)).numpy()
    np.testing.assert_array_equal(same, noise())


@pytest.mark.parametrize("sigma", [0.6, 1.5, 3.0])
def test_blur_is_opencvs_gaussian(sigma: float) -> None:
    image = noise(40, 33)
    result = blur(tf.constant(image), tf.constant(sigma), 3.0).numpy()
    expected = cv2.GaussianBlur(image, (19, 19), sigma, borderType=cv2.BORDER_REPLICATE)
    assert np.abs(result.astype(int) - expected).max() <= 1


def test_blur_of_sigma_zero_is_the_photo_and_a_large_one_fits_a_small_photo() -> None:
    image = tf.constant(noise(16, 16))
    np.testing.assert_array_equal(blur(image, tf.constant(0.0), 8.0), noise(16, 16))
    strong = blur(image, tf.constant(8.0), 8.0).numpy()
    assert strong.std() < 0.2 * noise(16, 16).std()


def test_a_lower_quality_is_further_from_the_photo() -> None:
    image = cv2.GaussianBlur(noise(64, 64), (7, 7), 2)
    distances = [
        np.abs(through_jpeg(tf.constant(image), quality).numpy() - image.astype(float))
        .mean()
        .item()
        for quality in (5, 50, 95)
    ]
    assert distances[0] > distances[1] > distances[2] > 0


@pytest.mark.parametrize(
    ("bounds", "draws", "changes"),
    [
        ({"brightness": 0.2}, 0.9, True),
        ({"contrast": 0.5}, 0.9, True),
        ({"saturation": 0.5}, 0.9, True),
        ({"hue": 0.3}, 0.9, True),
        ({"blur_sigma_px": 2.0, "blur_probability": 0.95}, 0.9, True),
        ({"blur_sigma_px": 2.0, "blur_probability": 0.85}, 0.9, False),
        ({"jpeg_quality_min": 10, "jpeg_probability": 0.5}, 0.4, True),
        ({"jpeg_quality_min": 10, "jpeg_probability": 0.5}, 0.6, False),
    ],
)
def test_each_operation_runs_by_its_bound_and_probability(
    bounds: dict[str, Any], draws: float, changes: bool
) -> None:
    result = changed(noise(), draws, only(**bounds))
    assert (result != noise()).any() == changes


def test_the_lowest_and_the_highest_draw_are_the_qualities_of_the_bounds() -> None:
    config = only(jpeg_quality_min=40, jpeg_probability=1.0)
    image = tf.constant(noise())
    for draw, quality in ((0.0, 40), (np.nextafter(np.float32(1), 0), 100)):
        np.testing.assert_array_equal(
            changed(noise(), draw, config), through_jpeg(image, quality).numpy()
        )
