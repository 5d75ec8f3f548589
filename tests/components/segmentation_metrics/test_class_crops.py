import numpy as np
import pytest

from components.segmentation_metrics.class_crops import class_crops, has_truth
from components.segmentation_metrics.measure import PhotoMasks
from tests.components.segmentation_metrics.drawn_photos import NAMES, draw_photos
from tests.components.segmentation_metrics.plain_measures import counted_of, where


@pytest.mark.parametrize(
    "photo", draw_photos(), ids=lambda photo: str(photo.truth.shape)
)
def test_crops_hold_each_class_that_is_there_and_nothing_else(photo):
    crops = {crop.class_id: crop for crop in class_crops(photo, range(5), 255)}
    for class_id in range(len(NAMES)):
        true = where(photo.truth, photo.truth, class_id)
        predicted = where(photo.truth, photo.prediction, class_id)
        either = true | predicted
        assert (class_id in crops) == bool(either)
        if either:
            top, left = (min(place[axis] for place in either) for axis in (0, 1))
            crop = crops[class_id]
            assert crop.truth.dtype == crop.prediction.dtype == np.uint8
            for mask, places in ((crop.truth, true), (crop.prediction, predicted)):
                found = {(y + top, x + left) for y, x in np.argwhere(mask).tolist()}
                assert found == places and set(np.unique(mask)) <= {0, 1}
            bottom, right = (max(place[axis] for place in either) for axis in (0, 1))
            assert crop.truth.shape == (bottom - top + 1, right - left + 1)
    assert has_truth(photo, 255) == bool(counted_of(photo.truth))


def test_the_void_id_is_the_taxonomys():
    mask = np.array([[7, 7, 1]], np.uint8)
    photo = PhotoMasks(truth=mask, prediction=np.ones_like(mask))
    (crop,) = class_crops(photo, [0, 1], void_id=7)
    assert crop.truth.tolist() == crop.prediction.tolist() == [[1]]
    assert has_truth(photo, 7)
    nothing = PhotoMasks(truth=np.full_like(mask, 7), prediction=mask)
    assert not has_truth(nothing, 7) and not list(class_crops(nothing, [0, 1], 7))
