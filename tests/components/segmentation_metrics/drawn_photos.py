"""Photos that are drawn for measures, and what every measure must hold to."""

import numpy as np

from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.measure import PhotoMasks

NAMES = ("background", "car", "wheel", "glass", "lamp")  # nobody draws a lamp
CLASSES = ClassNames(names=NAMES, background_id=0)
NO_BACKGROUND = ClassNames(names=NAMES, background_id=None)
BACKGROUND_ONLY = ClassNames(names=("background",), background_id=0)
SIZES = ((13, 17), (9, 24), (1, 21), (16, 1), (1, 1), (7, 7))  # height, width


def draw_mask(rng, height, width, ids, specks):
    """Boxes of classes with single pixels among them; some touch the border."""
    mask = np.zeros((height, width), np.uint8)
    for _ in range(5):
        top, left = rng.integers(-2, height), rng.integers(-2, width)
        bottom, right = top + rng.integers(1, 9), left + rng.integers(1, 9)
        mask[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = rng.choice(
            ids
        )
    is_speck = rng.random(mask.shape) < specks
    mask[is_speck] = rng.choice(ids, is_speck.sum())
    return mask


def draw_photo(seed, size=None, confidence=True):
    """The prediction is the truth moved by a pixel, with other boxes or specks."""
    rng = np.random.default_rng(seed)
    height, width = size or SIZES[seed % len(SIZES)]
    truth = draw_mask(rng, height, width, [0, 1, 2, 3, 255], 0.03)
    prediction = np.roll(truth, rng.integers(-1, 2, 2), (0, 1))
    other = draw_mask(rng, height, width, [0, 1, 2, 7, 255], 0.05)
    prediction = np.where(rng.random() < 0.4, other, prediction).astype(np.uint8)
    scores = rng.integers(40, 256, truth.shape).astype(np.uint8)
    return PhotoMasks(
        truth=truth, prediction=prediction, confidence=scores if confidence else None
    )


def draw_photos(count=12):
    """Of every size, with void truth throughout in one of them."""
    photos = [draw_photo(seed) for seed in range(count)]
    void = draw_photo(count, (5, 6))
    truth = np.full_like(void.truth, 255)
    return [
        *photos,
        PhotoMasks(truth=truth, prediction=void.prediction, confidence=void.confidence),
    ]


def sums_of(measure, photos):
    sums = sum((measure.of_photo(photo) for photo in photos), np.zeros(measure.size))
    assert sums.shape == (measure.size,) and sums.dtype == np.float64
    return sums


def numbers_of(measure, photos):
    return {
        name: float(value)
        for name, value in measure.numbers(sums_of(measure, photos)).items()
    }


def assert_equal_numbers(found, expected):
    assert sorted(found) == sorted(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, 0, 1e-9, err_msg=name)


def assert_leading_axes_change_nothing(measure, photos):
    """Numbers of stacked sums are the stacked numbers, also of an empty photo's."""
    parts = [measure.of_photo(photo) for photo in photos[:5]] + [np.zeros(measure.size)]
    stacked = measure.numbers(np.stack(parts).reshape(2, 3, measure.size))
    single = [measure.numbers(part) for part in parts]
    for name, values in stacked.items():
        assert values.shape == (2, 3), name
        expected = np.array([numbers[name] for numbers in single]).reshape(2, 3)
        np.testing.assert_allclose(values, expected, 0, 1e-12, err_msg=name)
    for values in measure.numbers(np.zeros((0, measure.size))).values():
        assert values.shape == (0,)


def assert_order_and_parts_change_nothing(measure, photos):
    """Sums are whole numbers: added in any order they are the same to the last bit."""
    whole = sums_of(measure, photos)
    parts = sums_of(measure, photos[5:]) + sums_of(measure, photos[:5][::-1])
    np.testing.assert_array_equal(parts, whole)
    np.testing.assert_array_equal(whole, np.round(whole))
