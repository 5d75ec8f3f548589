import cv2
import numpy as np
import pytest

from components.segmentation_metrics.boundary import BoundaryMeasure, inner_band
from components.segmentation_metrics.measure import PhotoMasks
from tests.components.segmentation_metrics import plain_measures
from tests.components.segmentation_metrics.drawn_photos import (
    CLASSES,
    NAMES,
    NO_BACKGROUND,
    assert_equal_numbers,
    assert_leading_axes_change_nothing,
    assert_order_and_parts_change_nothing,
    draw_mask,
    draw_photos,
    numbers_of,
)

MEASURE = BoundaryMeasure(classes=CLASSES, width_share=0.12, tolerance_share=0.06)
PHOTOS = draw_photos()
PAIRS = [(photo.truth, photo.prediction) for photo in PHOTOS]


@pytest.mark.parametrize("shares", [(0.12, 0.06), (0.02, 0.2)], ids=["wide", "narrow"])
@pytest.mark.parametrize(
    "classes", [CLASSES, NO_BACKGROUND], ids=["background", "none"]
)
def test_every_number_equals_the_plain_loops(shares, classes):
    measure = BoundaryMeasure(
        classes=classes, width_share=shares[0], tolerance_share=shares[1]
    )
    expected = plain_measures.boundary(PAIRS, NAMES, classes.background_id, *shares)
    assert 0.1 < expected["boundary_iou/car"] < expected["boundary_f/car"] < 1
    assert np.isnan(expected["boundary_iou/lamp"])
    assert_equal_numbers(numbers_of(measure, PHOTOS), expected)


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda photo: str(photo.truth.shape))
def test_every_photo_alone_equals_the_plain_loops(photo):
    pair = [(photo.truth, photo.prediction)]
    expected = plain_measures.boundary(pair, NAMES, 0, 0.12, 0.06)
    assert_equal_numbers(numbers_of(MEASURE, [photo]), expected)


def test_leading_axes_change_nothing():
    assert_leading_axes_change_nothing(MEASURE, PHOTOS)


def test_order_and_parts_change_nothing():
    assert_order_and_parts_change_nothing(MEASURE, PHOTOS)


@pytest.mark.parametrize("width_px", [1, 2, 5, 40])
def test_the_band_is_that_of_the_papers_code(width_px):
    mask = (draw_mask(np.random.default_rng(width_px), 41, 60, [0, 1], 0.01)) & 1
    mask[3:35, 5:50] = 1
    padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    kernel = np.ones((3, 3), np.uint8)
    eroded = cv2.erode(padded, kernel, iterations=width_px)[1:-1, 1:-1]
    band = inner_band(mask, width_px)
    np.testing.assert_array_equal(band, mask - eroded)
    assert 0 < band.sum() <= mask.sum()


def test_a_square_moved_by_two_pixels_has_the_scores_worked_out_on_paper():
    truth = np.zeros((30, 40), np.uint8)  # diagonal 50 px: width and tolerance of 1 px
    truth[10:20, 10:20] = 1
    photo = PhotoMasks(truth=truth, prediction=np.roll(truth, 2, 1))
    numbers = numbers_of(BoundaryMeasure(classes=CLASSES), [photo])
    # Rings of 36 px, of which top and bottom share 8 px each.
    assert numbers["boundary_iou/car"] == pytest.approx(16 / 56)
    # Too far: the left side's 10 px, and of the right side all but 2 px at each end.
    assert numbers["boundary_f/car"] == pytest.approx((36 - 10 - 6) / 36)


def test_a_prediction_that_only_fills_void_is_right():
    truth = np.ones((12, 12), np.uint8)
    truth[4:8] = 255
    prediction = truth.copy()
    prediction[4:8] = 2
    numbers = numbers_of(MEASURE, [PhotoMasks(truth=truth, prediction=prediction)])
    assert numbers["boundary_iou/car"] == numbers["boundary_f/car"] == 1
    assert np.isnan(numbers["boundary_iou/wheel"])


@pytest.mark.parametrize("field", ["width_share", "tolerance_share"])
@pytest.mark.parametrize("value", [0, -0.1, 1.5, float("nan")])
def test_an_impossible_share_is_refused(field, value):
    with pytest.raises(ValueError, match=f"{field} must be above 0, 1 at most, got"):
        BoundaryMeasure(classes=CLASSES, **{field: value})
