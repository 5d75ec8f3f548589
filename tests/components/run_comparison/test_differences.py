"""Differences of two models against plain loops over their photos."""

from __future__ import annotations

import math
from functools import lru_cache

import pytest

from components.run_comparison.differences import (
    TOO_FEW,
    WORSE,
    Difference,
    difference,
    largest_slices,
)
from components.segmentation_metrics.bootstrap import (
    Interval,
    interval,
    replicate_weights,
)
from tests.components.run_comparison.made_models import (
    FRONT,
    GROUPS,
    PHOTOS,
    REAR,
    Miss,
    draw_prediction,
    draw_truth,
    group_id,
    hard_photos,
    make_model,
    now_more_now_less,
    one_more,
    slice_of,
)


@lru_cache
def car_pixels(miss: Miss, photo: int) -> tuple[int, int]:
    """Hits and union of the car in one photo, by loops."""
    hits = union = 0
    truth, predicted = draw_truth(photo), draw_prediction(photo, miss)
    for true_id, predicted_id in zip(truth.flat, predicted.flat, strict=True):
        hits += bool(true_id == predicted_id == 1)
        union += bool(true_id == 1 or predicted_id == 1)
    return hits, union


def car_iou(miss: Miss, replicate: int | None, photos: list[int]) -> float:
    """IoU of the car; each photo as often as the replicate draws its group."""
    hits = union = 0
    for photo in photos:
        weight = 1
        if replicate is not None:
            weight = int(replicate_weights(group_id(photo), 400)[replicate])
        found = car_pixels(miss, photo)
        hits, union = hits + weight * found[0], union + weight * found[1]
    return hits / union


def test_a_difference_is_that_of_two_loops_over_the_pixels() -> None:
    first, model = make_model("a", hard_photos), make_model("b", one_more)

    found = difference(model, first, "iou/car")

    photos = list(PHOTOS)
    expected = car_iou(one_more, None, photos) - car_iou(hard_photos, None, photos)
    assert found.change == pytest.approx(expected, abs=1e-12)
    assert found.groups == GROUPS
    assert found.word == "worse"


def test_a_slice_has_the_difference_of_its_own_photos() -> None:
    first, model = make_model("a", hard_photos), make_model("b", one_more)
    photos = [photo for photo in PHOTOS if slice_of(photo) == REAR]

    found = difference(model, first, "iou/car", REAR)

    expected = car_iou(one_more, None, photos) - car_iou(hard_photos, None, photos)
    assert found.change == pytest.approx(expected, abs=1e-12)


def test_the_interval_is_of_differences_replicate_by_replicate() -> None:
    photos = list(PHOTOS)[:12]
    first = make_model("a", hard_photos, photos)
    model = make_model("b", one_more, photos)
    differences = [
        car_iou(one_more, replicate, photos) - car_iou(hard_photos, replicate, photos)
        for replicate in range(20)
    ]
    stored = (
        model.measured.replicates[()]["iou/car"]
        - first.measured.replicates[()]["iou/car"]
    )

    found = difference(model, first, "iou/car")

    assert stored[:20] == pytest.approx(differences, abs=1e-6)
    assert found.interval == interval(stored, groups=6)


def test_what_makes_photos_hard_for_both_cancels_out() -> None:
    first, model = make_model("a", hard_photos), make_model("b", one_more)

    paired = difference(model, first, "iou/car").interval
    own = model.interval("iou/car")

    assert paired is not None
    assert own is not None
    assert paired.high - paired.low < (own.high - own.low) / 3


def test_two_equal_models_show_no_difference() -> None:
    found = difference(make_model("a", one_more), make_model("b", one_more), "miou")

    assert (found.change, found.word, found.at_least) == (0.0, "no difference shown", 0)
    assert found.interval == Interval(low=0.0, high=0.0)


def test_errors_on_other_photos_of_the_same_kind_show_no_difference() -> None:
    first, model = make_model("a", hard_photos), make_model("b", now_more_now_less)

    assert difference(model, first, "iou/car").word == "no difference shown"


@pytest.mark.parametrize(
    ("low", "high", "groups", "word", "at_least"),
    [
        (0.01, 0.05, 30, "better", 0.01),
        (-0.05, -0.02, 30, "worse", 0.02),
        (-0.01, 0.05, 30, "no difference shown", 0.0),
        (1e-9, 0.05, 30, "no difference shown", 0.0),
        (0.01, 0.05, 9, "too few groups", 0.0),
    ],
)
def test_the_word_follows_from_interval_and_groups(
    low: float, high: float, groups: int, word: str, at_least: float
) -> None:
    found = Difference(
        change=0.02, interval=Interval(low=low, high=high), groups=groups
    )

    assert (found.word, found.at_least) == (word, at_least)


def test_without_replicates_nothing_is_known_but_the_change() -> None:
    first = make_model("a", hard_photos, replicates=0)
    found = difference(make_model("b", one_more), first, "miou")

    assert found.change < 0
    assert (found.interval, found.word) == (None, "not known")
    assert found.to_dict() == {
        "change": found.change,
        "low": None,
        "high": None,
        "word": "not known",
    }


def test_a_number_that_one_model_lacks_has_no_difference() -> None:
    found = difference(
        make_model("a", one_more), make_model("b", one_more), "iou/no such class"
    )

    assert math.isnan(found.change)
    assert found.word == "not known"
    assert found.to_dict()["change"] is None


def test_the_slice_stands_first_that_differs_most_for_certain() -> None:
    def worse_from_behind(photo: int) -> int:
        return hard_photos(photo) + (slice_of(photo) == REAR)

    first, model = make_model("a", hard_photos), make_model("b", worse_from_behind)

    found = largest_slices(model, first, "iou/car")

    assert [key for key, _ in found] == [REAR, FRONT]
    assert [entry.word for _, entry in found] == ["worse", "no difference shown"]


def test_how_many_groups_are_too_few_is_what_the_gates_want() -> None:
    first = make_model("a", hard_photos)
    other = make_model("b", one_more)
    strict = make_model("c", one_more, min_groups=25)

    assert difference(other, first, "miou").word == WORSE
    assert difference(strict, first, "miou").word == TOO_FEW
