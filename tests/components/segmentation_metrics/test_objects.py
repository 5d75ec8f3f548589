import numpy as np
import pytest

from components.segmentation_metrics.measure import PhotoMasks
from components.segmentation_metrics.objects import ObjectMeasure
from components.segmentation_metrics.replicated_sums import MeasureSet, ReplicatedSums
from tests.components.segmentation_metrics import plain_measures
from tests.components.segmentation_metrics.drawn_photos import (
    BACKGROUND_ONLY,
    CLASSES,
    NAMES,
    NO_BACKGROUND,
    assert_equal_numbers,
    assert_leading_axes_change_nothing,
    assert_order_and_parts_change_nothing,
    draw_photos,
    numbers_of,
)

SHARES = {
    "small_share": 0.05,
    "large_share": 0.2,
    "found_share": 0.5,
    "least_share": 0.02,
}
MEASURE = ObjectMeasure(classes=CLASSES, **SHARES)
PHOTOS = draw_photos()
PAIRS = [(photo.truth, photo.prediction) for photo in PHOTOS]


@pytest.mark.parametrize(
    "classes", [CLASSES, NO_BACKGROUND], ids=["background", "none"]
)
@pytest.mark.parametrize("least_share", [0, 0.02])
def test_every_number_equals_the_plain_loops(classes, least_share):
    shares = SHARES | {"least_share": least_share}
    expected = plain_measures.objects(PAIRS, NAMES, classes.background_id, **shares)
    for size in ("small", "medium", "large"):
        assert 0 < expected[f"object_recall_{size}"] < 1
    assert expected["count_error"] > abs(expected["count_bias"]) > 0
    measure = ObjectMeasure(classes=classes, **shares)
    assert_equal_numbers(numbers_of(measure, PHOTOS), expected)


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda photo: str(photo.truth.shape))
def test_every_photo_alone_equals_the_plain_loops(photo):
    pair = [(photo.truth, photo.prediction)]
    expected = plain_measures.objects(pair, NAMES, 0, **SHARES)
    assert_equal_numbers(numbers_of(MEASURE, [photo]), expected)


@pytest.mark.parametrize("measure", [MEASURE, ObjectMeasure(classes=BACKGROUND_ONLY)])
def test_leading_axes_change_nothing(measure):
    assert_leading_axes_change_nothing(measure, PHOTOS)


def test_order_and_parts_change_nothing():
    assert_order_and_parts_change_nothing(MEASURE, PHOTOS)


def test_pixels_that_touch_at_a_corner_are_one_object_and_half_of_it_is_enough():
    truth = np.zeros((10, 10), np.uint8)
    truth[[2, 3], [2, 3]] = 1  # one object of 2 px: medium
    truth[8, 8] = 1  # 1 px: medium from 0.01 on
    prediction = np.zeros_like(truth)
    prediction[2, 2] = 1
    numbers = numbers_of(
        ObjectMeasure(classes=CLASSES), [PhotoMasks(truth=truth, prediction=prediction)]
    )
    assert numbers["object_recall_medium/car"] == 0.5
    assert np.isnan(numbers["object_recall_small/car"])
    assert numbers["count_bias/car"] == -1 and numbers["count_error/car"] == 1


def test_a_share_that_is_reached_to_the_pixel_is_reached():
    truth = np.zeros((10, 10), np.uint8)
    truth[1, :10] = 1  # 0.1: large
    truth[4, :9] = 1  # medium
    truth[7, :4] = 1
    measure = ObjectMeasure(classes=CLASSES, small_share=0.05, least_share=0.09)
    photo = PhotoMasks(truth=truth, prediction=np.zeros_like(truth))
    numbers = numbers_of(measure, [photo])
    for size in ("small", "medium", "large"):
        assert numbers[f"object_recall_{size}/car"] == 0  # one of each, none found
    assert numbers["count_bias/car"] == -2  # of 9 and of 10 pixels


def test_errors_of_two_photos_do_not_cancel_but_biases_do():
    one = np.zeros((10, 10), np.uint8)
    one[2, 2] = 1
    two = one.copy()
    two[6, 6] = 1
    photos = [
        PhotoMasks(truth=one, prediction=two),
        PhotoMasks(truth=two, prediction=one),
    ]
    numbers = numbers_of(MEASURE, [*photos])
    assert (numbers["count_error"], numbers["count_bias"]) == (0, 0)  # below least
    numbers = numbers_of(ObjectMeasure(classes=CLASSES), photos)
    assert (numbers["count_error"], numbers["count_bias"]) == (1, 0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"small_share": 0.3}, "must be 0 < small <= large <= 1, got 0.3 and 0.1"),
        ({"small_share": 0}, "must be 0 < small <= large <= 1, got 0 and 0.1"),
        ({"large_share": 1.1}, "must be 0 < small <= large <= 1, got 0.01 and 1.1"),
        ({"found_share": 0}, "found_share must be above 0, 1 at most, got 0"),
        ({"least_share": 1}, "least_share must be 0 or more and below 1, got 1"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_impossible_shares_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        ObjectMeasure(classes=CLASSES, **changes)


def test_a_photo_counts_for_the_sizes_and_classes_of_its_objects():
    truth = np.zeros((20, 20), np.uint8)
    truth[1, 1] = 1  # small car
    truth[5:9, 5:10] = 2  # medium wheel
    measure = ObjectMeasure(classes=CLASSES)
    photo = PhotoMasks(truth=truth, prediction=np.full_like(truth, 3))

    counted = measure.counted(measure.of_photo(photo))

    assert {name for name, value in counted.items() if value} == {
        "object_recall_small",
        "object_recall_small/car",
        "object_recall_medium",
        "object_recall_medium/wheel",
    }
    assert set(counted) == {
        name for name in numbers_of(measure, [photo]) if "recall" in name
    }


def test_recall_of_small_cars_has_the_groups_that_show_some():
    measures = MeasureSet(
        measures=(ObjectMeasure(classes=CLASSES),), class_names=NAMES, replicates=0
    )
    total = ReplicatedSums(measures)
    for index in range(12):
        truth = np.zeros((20, 20), np.uint8)
        truth[5:15, 5:15] = 1
        truth[1, 1] = index // 2 < 2  # two photos of a car each
        photo = PhotoMasks(truth=truth, prediction=truth)
        total.add(measures.of_photo(photo, f"car {index // 2}".encode()))

    numbers = total.numbers()

    assert numbers["groups"] == numbers["groups/car"] == 6
    assert numbers["groups/object_recall_large/car"] == 6
    assert numbers["groups/object_recall_small/car"] == 2
    assert numbers["groups/object_recall_small"] == 2
    assert numbers["groups/object_recall_small/wheel"] == 0
    parts = [total, ReplicatedSums(measures)]
    assert ReplicatedSums.merge(parts, measures).numbers()["groups/car"] == 6
