import numpy as np
import pytest

from components.segmentation_metrics.decisions import DecisionMeasure, photo_confidence
from components.segmentation_metrics.measure import PhotoMasks
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
    sums_of,
)

STEPS = {
    "confidence_steps": (0.0, 0.57, 0.7),
    "area_steps": (0.0, 0.05, 0.3),
}
MEASURE = DecisionMeasure(classes=CLASSES, **STEPS)


def without_foreground(photo, *, true, predicted):
    """The photo with nothing there, with nothing said, or both."""
    truth = np.where(photo.truth == 255, 255, 0) if true else photo.truth
    prediction = 0 * photo.prediction if predicted else photo.prediction
    return PhotoMasks(
        truth=truth.astype(np.uint8),
        prediction=prediction,
        confidence=photo.confidence,
    )


def draw_mixed_photos():
    photos = draw_photos(16)
    for index in range(0, 12, 3):
        photos[index] = without_foreground(
            photos[index], true=index < 7, predicted=index > 4
        )
    silent = photos[1]
    photos[1] = PhotoMasks(truth=silent.truth, prediction=silent.prediction)
    return photos


PHOTOS = draw_mixed_photos()
TRIPLES = [(photo.truth, photo.prediction, photo.confidence) for photo in PHOTOS]


@pytest.mark.parametrize(
    "classes", [CLASSES, NO_BACKGROUND], ids=["background", "none"]
)
def test_every_count_equals_the_plain_loops(classes):
    measure = DecisionMeasure(classes=classes, **STEPS)
    outcomes = measure.outcomes(sums_of(measure, PHOTOS))
    seen = dict.fromkeys(("missed", "false_alarms", "found", "cleared", "manual"), 0)
    for row, confidence in enumerate(measure.confidence_steps):
        for column, area in enumerate(measure.area_steps):
            expected = plain_measures.decisions(
                TRIPLES, NAMES, classes.background_id, confidence, area
            )
            for kind in ("missed", "false_alarms", "found", "cleared"):
                assert getattr(outcomes, kind)[row, column] == expected[kind], kind
            automatic = outcomes.automatic()[row, column]
            assert outcomes.photos - automatic == expected["manual"]
            for kind, count in expected.items():
                seen[kind] += count
    if classes is CLASSES:
        assert all(seen.values()), seen  # else the comparison would prove nothing
    known = [truth for truth, *_ in TRIPLES if plain_measures.counted_of(truth)]
    assert outcomes.photos == len(known) < len(PHOTOS)


def test_numbers_are_shares_of_all_photos_at_the_first_area():
    expected = {}
    for confidence in MEASURE.confidence_steps:
        counts = plain_measures.decisions(TRIPLES, NAMES, 0, confidence, 0.0)
        photos = sum(counts.values())
        expected[f"auto_share/{confidence:g}"] = 1 - counts["manual"] / photos
        expected[f"missed_share/{confidence:g}"] = counts["missed"] / photos
        expected[f"false_alarm_share/{confidence:g}"] = counts["false_alarms"] / photos
    assert_equal_numbers(numbers_of(MEASURE, PHOTOS), expected)


@pytest.mark.parametrize("measure", [MEASURE, DecisionMeasure(classes=BACKGROUND_ONLY)])
def test_leading_axes_change_nothing(measure):
    assert_leading_axes_change_nothing(measure, PHOTOS)


def test_order_and_parts_change_nothing():
    assert_order_and_parts_change_nothing(MEASURE, PHOTOS)


def test_no_photo_gives_no_number():
    assert all(np.isnan(value) for value in numbers_of(MEASURE, []).values())


def test_a_threshold_is_reached_at_its_own_value_and_an_area_only_above_it():
    truth = np.ones((2, 5), np.uint8)
    prediction = np.zeros_like(truth)
    prediction[0, 0] = 1  # a tenth
    confidence = np.full(truth.shape, 51, np.uint8)  # 0.2
    measure = DecisionMeasure(
        classes=CLASSES, confidence_steps=(0.2, 0.21), area_steps=(0.09, 0.1)
    )
    photo = PhotoMasks(truth=truth, prediction=prediction, confidence=confidence)
    outcomes = measure.outcomes(measure.of_photo(photo))
    assert outcomes.found.tolist() == [[1, 0], [0, 0]]
    assert outcomes.missed.tolist() == [[0, 1], [0, 0]]


def test_what_is_said_where_the_truth_is_void_raises_no_alarm():
    truth = np.array([[255, 255, 255, 0]], np.uint8)
    measure = DecisionMeasure(classes=CLASSES, area_steps=(0.0,))
    for prediction, alarms in (([1, 1, 1, 0], 0), ([0, 0, 0, 1], 1)):
        photo = PhotoMasks(truth=truth, prediction=np.array([prediction], np.uint8))
        assert numbers_of(measure, [photo])["false_alarm_share/0.5"] == alarms


def test_the_confidence_is_that_of_what_was_found_void_or_not():
    truth = np.array([[255, 0, 0, 0]], np.uint8)
    prediction = np.array([[1, 0, 0, 0]], np.uint8)
    confidence = np.array([[51, 255, 255, 255]], np.uint8)
    measure = DecisionMeasure(classes=CLASSES, confidence_steps=(0.3,))
    photo = PhotoMasks(truth=truth, prediction=prediction, confidence=confidence)
    assert numbers_of(measure, [photo])["auto_share/0.3"] == 0
    assert photo_confidence(confidence, prediction == 1) == 0.2
    assert photo_confidence(confidence, prediction == 3) == 0.8


@pytest.mark.integration
def test_the_confidence_is_the_one_that_the_served_model_answers():
    from tests.components.segmentation_metrics.served_confidence import answers

    found_something = []
    for mask_ids, confidence, answered in answers():
        is_foreground = mask_ids > 0
        found_something.append(bool(is_foreground.any()))
        computed = photo_confidence(confidence, is_foreground)
        assert computed == pytest.approx(answered, abs=0.5 / 255)
    assert sorted(set(found_something)) == [False, True]


@pytest.mark.parametrize("field", ["confidence_steps", "area_steps"])
@pytest.mark.parametrize("steps", [(), (0.5, 0.5), (0.6, 0.5), (-0.1, 0.5), (0.5, 2)])
def test_steps_that_do_not_rise_are_refused(field, steps):
    with pytest.raises(ValueError, match=rf"{field} must be rising numbers of 0\.\.1"):
        DecisionMeasure(classes=CLASSES, **{field: steps})
