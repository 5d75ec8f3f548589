from fractions import Fraction

import numpy as np
import pytest

from components.segmentation_metrics.calibration import (
    CalibrationMeasure,
    bin_of_byte,
    reliability,
)
from components.segmentation_metrics.measure import PhotoMasks
from tests.components.segmentation_metrics import plain_measures
from tests.components.segmentation_metrics.drawn_photos import (
    CLASSES,
    assert_equal_numbers,
    assert_leading_axes_change_nothing,
    assert_order_and_parts_change_nothing,
    draw_photo,
    draw_photos,
    numbers_of,
    sums_of,
)

MEASURE = CalibrationMeasure(classes=CLASSES)
PHOTOS = draw_photos()
TRIPLES = [(photo.truth, photo.prediction, photo.confidence) for photo in PHOTOS]


@pytest.mark.parametrize("bins", [1, 5, 15, 255])
def test_every_number_equals_the_plain_loops(bins):
    measure = CalibrationMeasure(classes=CLASSES, bins=bins)
    expected = plain_measures.calibration(TRIPLES, bins)
    assert expected["ece"] > 0.01
    assert_equal_numbers(numbers_of(measure, PHOTOS), expected)


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda photo: str(photo.truth.shape))
def test_every_photo_alone_equals_the_plain_loops(photo):
    triple = [(photo.truth, photo.prediction, photo.confidence)]
    expected = plain_measures.calibration(triple, 15)
    assert_equal_numbers(numbers_of(MEASURE, [photo]), expected)


def test_leading_axes_change_nothing():
    assert_leading_axes_change_nothing(MEASURE, PHOTOS)


def test_order_and_parts_change_nothing():
    assert_order_and_parts_change_nothing(MEASURE, PHOTOS)


@pytest.mark.parametrize("bins", [1, 2, 3, 5, 10, 15, 17, 254, 255])
def test_an_upper_edge_belongs_to_its_bin(bins):
    for byte, index in enumerate(bin_of_byte(bins).tolist()):
        confidence = Fraction(byte, 255)
        lower, upper = Fraction(index, bins), Fraction(index + 1, bins)
        assert lower < confidence <= upper or byte == index == 0


def test_a_reliability_diagram_has_the_plain_loops_means():
    rows = plain_measures.bin_rows(TRIPLES, 15)
    total = sum(len(row) for row in rows)
    found = reliability(sums_of(MEASURE, PHOTOS))
    np.testing.assert_allclose(found.upper, [(k + 1) / 15 for k in range(15)])
    np.testing.assert_allclose(found.share, [len(row) / total for row in rows])
    for index, (values, place) in enumerate(
        [(found.confidence, 0), (found.accuracy, 1)]
    ):
        means = [
            plain_measures.share(sum(pixel[place] for pixel in row), len(row))
            for row in rows
        ]
        np.testing.assert_allclose(values, means, err_msg=str(index))
    assert np.isnan(found.accuracy[0]) and not np.isnan(found.accuracy[-1])


def test_a_reliability_diagram_takes_leading_axes():
    parts = np.stack([MEASURE.of_photo(photo) for photo in PHOTOS[:4]])
    stacked = reliability(parts.reshape(2, 2, MEASURE.size))
    for index, part in enumerate(parts):
        for values, expected in zip(stacked[1:], reliability(part)[1:], strict=True):
            row = values[index // 2, index % 2]
            np.testing.assert_array_equal(row, expected)


def test_a_model_that_is_right_as_often_as_it_says_has_no_error():
    truth = np.zeros((5, 10), np.uint8)
    prediction = truth.copy()
    prediction[0] = 1  # a fifth is wrong
    sure = np.full(truth.shape, 204, np.uint8)  # 0.8
    photo = PhotoMasks(truth=truth, prediction=prediction, confidence=sure)
    numbers = numbers_of(MEASURE, [photo])
    assert numbers["ece"] == pytest.approx(0, abs=1e-12)
    assert numbers["overconfidence"] == pytest.approx(0, abs=1e-12)
    bold = PhotoMasks(truth=truth, prediction=prediction, confidence=sure + 51)
    numbers = numbers_of(MEASURE, [bold])
    assert numbers["ece"] == numbers["overconfidence"] == pytest.approx(0.2)
    assert numbers["mean_confidence"] == 1


def test_a_photo_without_confidence_adds_nothing():
    silent = draw_photo(0, confidence=False)
    assert not MEASURE.of_photo(silent).any()
    assert numbers_of(MEASURE, [silent, PHOTOS[0]]) == numbers_of(MEASURE, PHOTOS[:1])


@pytest.mark.parametrize("bins", [0, -1, 256])
def test_an_impossible_number_of_bins_is_refused(bins):
    with pytest.raises(ValueError, match=rf"bins must be 1\.\.255, got {bins}; "):
        CalibrationMeasure(classes=CLASSES, bins=bins)
