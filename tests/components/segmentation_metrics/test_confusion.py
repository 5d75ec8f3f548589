import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from components.segmentation_metrics import confusion
from tests.components.segmentation_metrics.plain_loops import oracle

NAMES = ("background", "car", "wheel", "glass")


def masks(ids):
    return hnp.arrays(np.uint8, (6, 5), elements=st.sampled_from(ids))


TRUTHS = masks([0, 1, 2, 3, 255])
PREDICTIONS = masks([0, 1, 2, 3, 4, 200, 255])


def numbers_of(matrix, background_id=0):
    per_class = {
        "iou": confusion.iou(matrix),
        "dice": confusion.dice(matrix),
        "precision": confusion.precision(matrix),
        "recall": confusion.recall(matrix),
    }
    found = {
        f"{metric}/{name}": values[class_id]
        for metric, values in per_class.items()
        for class_id, name in enumerate(NAMES)
    }
    found["miou"] = confusion.miou(matrix)
    found["foreground_miou"] = confusion.foreground_miou(matrix, background_id)
    found["pixel_accuracy"] = confusion.pixel_accuracy(matrix)
    found["all_background_accuracy"] = confusion.all_background_accuracy(matrix)
    return found


@given(st.lists(st.tuples(TRUTHS, PREDICTIONS), min_size=1, max_size=3))
def test_every_number_equals_the_plain_loops(pairs):
    matrix = sum(confusion.confusion_matrix(t, p, num_classes=4) for t, p in pairs)
    expected = oracle([t for t, _ in pairs], [p for _, p in pairs], NAMES)
    for name, value in numbers_of(matrix).items():
        assert value == pytest.approx(expected[name], abs=1e-12, nan_ok=True), name


def test_absent_classes_are_nan_and_void_everywhere_leaves_no_number():
    void = np.full((3, 3), 255, np.uint8)
    matrix = confusion.confusion_matrix(void, np.zeros((3, 3), np.uint8), 2)
    assert matrix.tolist() == [[0, 0, 0], [0, 0, 0]] and matrix.dtype == np.int64
    assert np.isnan(confusion.iou(matrix)).all()
    for number in (confusion.miou, confusion.foreground_miou, confusion.pixel_accuracy):
        assert math.isnan(number(matrix))


def test_a_class_that_is_only_predicted_has_iou_zero_not_nan():
    matrix = confusion.confusion_matrix([0, 0, 0], [0, 1, 1], 3)
    assert confusion.iou(matrix)[:2].tolist() == [pytest.approx(1 / 3), 0]
    assert confusion.precision(matrix)[1] == 0 and confusion.recall(matrix)[1] == 0
    assert math.isnan(confusion.iou(matrix)[2])
    assert confusion.miou(matrix) == pytest.approx(1 / 6)


def test_predicted_void_is_a_miss_and_nobodys_false_positive():
    matrix = confusion.confusion_matrix([1, 1, 0, 0], [1, 255, 0, 0], 2)
    assert matrix.tolist() == [[2, 0, 0], [0, 1, 1]]
    assert confusion.iou(matrix).tolist() == [1, 0.5]
    assert confusion.pixel_accuracy(matrix) == 0.75


def test_all_background_accuracy_is_the_background_share_of_the_truth():
    matrix = confusion.confusion_matrix([0, 0, 0, 1, 255], [1, 1, 1, 1, 1], 2)
    assert confusion.all_background_accuracy(matrix) == 0.75
    assert math.isnan(confusion.all_background_accuracy(matrix, background_id=None))


def test_without_a_background_the_foreground_is_every_class():
    matrix = confusion.confusion_matrix([0, 0, 1, 1], [0, 1, 1, 1], 2)
    assert confusion.foreground_miou(matrix, None) == confusion.miou(matrix)
    assert confusion.foreground_miou(matrix, 0) == pytest.approx(2 / 3)


def test_image_dice_of_two_empty_masks_is_one():
    matrix = confusion.confusion_matrix([0, 0], [0, 0], 3)
    assert confusion.image_dice(matrix).tolist() == [1, 1, 1]


def test_an_unknown_true_id_is_refused_with_the_way_out():
    with pytest.raises(ValueError) as error:
        confusion.confusion_matrix([0, 7], [0, 0], 2)
    assert str(error.value) == (
        "true ids must be below num_classes=2 or void (255), got 7; check the taxonomy"
    )


def test_two_shapes_are_refused():
    with pytest.raises(ValueError, match=r"must have one shape, got \(2,\) and \(3,\)"):
        confusion.confusion_matrix([0, 1], [0, 1, 1], 2)
