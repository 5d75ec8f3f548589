import numpy as np

from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.confusion import confusion_matrix
from components.segmentation_metrics.measure import PhotoMasks
from tests.components.segmentation_metrics.drawn_photos import CLASSES, NAMES


def draw():
    rng = np.random.default_rng(5)
    truth, prediction = rng.integers(0, len(NAMES), (2, 9, 14)).astype(np.uint8)
    return PhotoMasks(truth=truth, prediction=prediction)


def test_a_photos_matrix_is_filled_once_for_all_who_ask():
    photo = draw()
    expected = confusion_matrix(photo.truth, photo.prediction, len(NAMES))
    first = photo.matrix(CLASSES)
    np.testing.assert_array_equal(first, expected)
    assert photo.matrix(ClassNames(names=NAMES, background_id=0)) is first


def test_every_list_of_classes_has_its_own_matrix():
    photo = draw()
    photo.matrix(CLASSES)
    found = photo.matrix(ClassNames(names=NAMES, background_id=0, void_id=1))
    expected = confusion_matrix(photo.truth, photo.prediction, len(NAMES), void_id=1)
    np.testing.assert_array_equal(found, expected)
    assert found.sum() < photo.truth.size
