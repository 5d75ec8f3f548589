import numpy as np
import pytest

from components.segmentation_metrics import confusion
from components.segmentation_metrics.measure import PhotoMasks
from components.segmentation_metrics.overlap import OverlapMeasure
from tests.components.segmentation_metrics import plain_loops, plain_measures
from tests.components.segmentation_metrics.drawn_photos import (
    BACKGROUND_ONLY,
    CLASSES,
    NAMES,
    NO_BACKGROUND,
    assert_equal_numbers,
    assert_leading_axes_change_nothing,
    draw_photos,
    numbers_of,
    sums_of,
)

MEASURE = OverlapMeasure(classes=CLASSES, rest_id=1)
PHOTOS = draw_photos()
NOT_OURS = ("all_background_accuracy", "examples")  # of plain_loops.oracle


def expected_numbers(photos, background_id=0):
    truths = [photo.truth for photo in photos]
    predictions = [photo.prediction for photo in photos]
    known = plain_loops.oracle(truths, predictions, NAMES, background_id)
    pairs = list(zip(truths, predictions, strict=True))
    new = plain_measures.overlap_over_classes(pairs, NAMES, background_id, rest_id=1)
    return {key: value for key, value in known.items() if key not in NOT_OURS} | new


@pytest.mark.parametrize(
    "classes", [CLASSES, NO_BACKGROUND], ids=["background", "none"]
)
def test_every_number_equals_the_plain_loops(classes):
    expected = expected_numbers(PHOTOS, classes.background_id)
    assert expected["parts_accuracy"] != expected["foreground_accuracy"]
    measure = OverlapMeasure(classes=classes, rest_id=1)
    assert_equal_numbers(numbers_of(measure, PHOTOS), expected)


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda photo: str(photo.truth.shape))
def test_every_photo_alone_equals_the_plain_loops(photo):
    assert_equal_numbers(numbers_of(MEASURE, [photo]), expected_numbers([photo]))


@pytest.mark.parametrize(
    "classes", [CLASSES, NO_BACKGROUND], ids=["background", "none"]
)
@pytest.mark.parametrize("photos", [PHOTOS, PHOTOS[-1:], []], ids=["all", "void", "no"])
def test_numbers_are_those_of_the_summed_matrix(classes, photos):
    count = len(NAMES)
    pairs = [(photo.truth, photo.prediction) for photo in photos]
    matrices = [confusion.confusion_matrix(*pair, count) for pair in pairs]
    expected = numbers_of_matrices(matrices, classes)
    numbers = numbers_of(OverlapMeasure(classes=classes), photos)
    assert len(expected) == 3 + 5 * count
    for name, value in expected.items():
        assert numbers[name] == pytest.approx(value, abs=1e-12, nan_ok=True), name


def numbers_of_matrices(matrices, classes):
    """What `confusion` says of the sum, and of every photo for its Dice."""
    count = len(classes.names)
    whole = sum(matrices, np.zeros((count, count + 1), np.int64))
    dices = sum((confusion.image_dice(one) for one in matrices), np.zeros(count))
    by_class = {
        "iou": confusion.iou(whole),
        "dice": confusion.dice(whole),
        "precision": confusion.precision(whole),
        "recall": confusion.recall(whole),
        "image_dice": dices / len(matrices) if matrices else np.full(count, np.nan),
    }
    return {
        "miou": confusion.miou(whole),
        "foreground_miou": confusion.foreground_miou(whole, classes.background_id),
        "pixel_accuracy": confusion.pixel_accuracy(whole),
        **{
            f"{label}/{name}": values[class_id]
            for label, values in by_class.items()
            for class_id, name in enumerate(classes.names)
        },
    }


@pytest.mark.parametrize("measure", [MEASURE, OverlapMeasure(classes=BACKGROUND_ONLY)])
def test_leading_axes_change_nothing(measure):
    photos = PHOTOS if measure is MEASURE else [_background() for _ in range(5)]
    assert_leading_axes_change_nothing(measure, photos)


def _background():
    return PhotoMasks(
        truth=np.zeros((3, 4), np.uint8), prediction=np.zeros((3, 4), np.uint8)
    )


def test_parts_add_up_to_the_whole_in_any_order():
    whole = sums_of(MEASURE, PHOTOS)
    parts = sums_of(MEASURE, PHOTOS[5:]) + sums_of(MEASURE, PHOTOS[:5][::-1])
    np.testing.assert_allclose(parts, whole, rtol=1e-12)


def test_without_a_rest_there_is_no_number_of_parts():
    assert "parts_accuracy" not in numbers_of(OverlapMeasure(classes=CLASSES), PHOTOS)


def test_an_unknown_true_id_is_refused():
    photo = PhotoMasks(
        truth=np.full((2, 2), 9, np.uint8), prediction=np.zeros((2, 2), np.uint8)
    )
    with pytest.raises(ValueError, match=r"below num_classes=5 or void \(255\), got 9"):
        MEASURE.of_photo(photo)


@pytest.mark.parametrize("rest_id", [-1, 5])
def test_a_rest_that_is_no_class_is_refused(rest_id):
    message = rf"rest_id must be a class id, 0\.\.4, got {rest_id}; leave it None"
    with pytest.raises(ValueError, match=message):
        OverlapMeasure(classes=CLASSES, rest_id=rest_id)
