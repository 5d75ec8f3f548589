from __future__ import annotations

import itertools

import numpy as np
import pytest

from components.dataset_auditor.record_audit import record_key
from components.evaluation_report.photo_scores import (
    PhotoScore,
    ScoreBook,
    score_photo,
)
from components.segmentation_metrics.class_names import ClassNames
from tests.components.dataset_auditor.drawn_records import (
    TAXONOMY,
    draw_mask,
    encode,
    make_record,
)

CLASSES = ClassNames.from_taxonomy(TAXONOMY)


def score(name: str, predicted: np.ndarray, **changes: bytes) -> PhotoScore:
    record = make_record(name, **changes)
    return score_photo(record, encode(predicted), task="car", classes=CLASSES)


def test_pixels_are_counted_as_plain_loops_count_them() -> None:
    rng = np.random.default_rng(3)
    truth = rng.choice([0, 1, 2, 255], (64, 96)).astype(np.uint8)
    predicted = rng.choice([0, 1, 2, 255], (64, 96)).astype(np.uint8)
    expected = np.zeros((3, 4), int)
    for true_id, predicted_id in zip(truth.flat, predicted.flat, strict=True):
        if true_id != 255:
            expected[true_id, 3 if predicted_id == 255 else predicted_id] += 1

    found = score("car", predicted, mask_car=encode(truth))

    assert (found.matrix == expected).all()
    assert found.example_id == "car"
    assert found.record_key == record_key(make_record("car", mask_car=encode(truth)))


def test_a_line_gives_the_same_score_back() -> None:
    found = score("차 1", draw_mask())

    again = PhotoScore.from_json(found.to_json())

    assert (again.record_key, again.example_id) == (found.record_key, "차 1")
    assert (again.foreground_miou, again.slices) == (found.foreground_miou, ())
    assert (again.matrix == found.matrix).all()
    assert again.matrix.dtype == np.int64


def test_a_prediction_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="must have one shape"):
        score("car", np.zeros((10, 10), np.uint8))


def test_the_order_of_photos_changes_nothing() -> None:
    masks = {name: draw_mask() for name in "abc"}
    masks["b"][:, :40] = 0
    masks["c"][:] = 2
    photos = [score(name, mask) for name, mask in masks.items()]
    listed = []
    for order in itertools.permutations(photos):
        book = ScoreBook(3)
        for photo in order:
            book.add(photo)
        listed.append((book.matrix.tolist(), book.candidates(1), book.candidates(2)))

    assert all(entry == listed[0] for entry in listed)
    assert listed[0][0] == sum(photo.matrix for photo in photos).tolist()
    # The car: all is missed in c, 10 of 32 columns in b, nothing in a.
    assert [one.example_id for one in listed[0][1]] == ["c", "b", "a"]
    assert [one.iou for one in listed[0][1]] == [0.0, 22 / 32, 1.0]


def test_a_class_that_is_in_neither_mask_makes_no_candidate() -> None:
    book = ScoreBook(3)
    only_car = np.where(draw_mask() == 1, 1, 0).astype(np.uint8)
    book.add(score("false alarm", draw_mask(), mask_car=encode(only_car)))
    book.add(score("neither", only_car, mask_car=encode(only_car)))

    (found,) = book.candidates(2)

    assert (found.example_id, found.iou, found.is_true) == ("false alarm", 0.0, False)
    assert found.fewer_errors == -64
