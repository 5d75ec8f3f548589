from __future__ import annotations

import numpy as np

from components.evaluation_report.photo_choice import (
    choose_photos,
    choose_slice_photos,
)
from components.evaluation_report.photo_layers import ANY_CLASS
from components.evaluation_report.photo_scores import PhotoScore, ScoreBook


def book_of(*hits: int, width: int = 10, false_alarms: int = 0) -> ScoreBook:
    """Photos where `hits` of the ten pixels of class 1 were found."""
    book = ScoreBook(2)
    for index, found in enumerate(hits):
        add(book, f"photo_{index}", [[50, 0, 0], [width - found, found, 0]])
    for index in range(false_alarms):
        add(book, f"alarm_{index}", [[50, 5 + index, 0], [0, 0, 0]])
    return book


def add(book: ScoreBook, name: str, rows: list[list[int]]) -> None:
    matrix = np.array(rows, np.int64)
    book.add(PhotoScore(record_key=name, example_id=name, matrix=matrix))


def chosen(book: ScoreBook, **options: int) -> dict[str, list[str]]:
    choices = choose_photos(book, background_id=0, **{"per_class": 2} | options)
    return {
        kind: [one.photo.example_id for one in choices if one.kind == kind]
        for kind in ("worst", "typical")
    }


def test_the_worst_are_lowest_and_the_typical_nearest_to_the_median() -> None:
    # IoU 0.9, 0.1, 0.8, 0.5, 0.6, 0.2, 1.0: the median is 0.6.
    book = book_of(9, 1, 8, 5, 6, 2, 10)

    assert chosen(book) == {
        "worst": ["photo_1", "photo_5"],
        "typical": ["photo_4", "photo_3"],
    }


def test_of_photos_without_the_class_the_largest_false_alarm_is_worst() -> None:
    book = book_of(9, 8, 7, false_alarms=3)

    assert chosen(book) == {
        "worst": ["alarm_2", "alarm_1"],
        "typical": ["photo_1", "photo_0"],
    }


def test_no_photo_is_shown_as_both() -> None:
    assert chosen(book_of(5, 6), per_class=5) == {
        "worst": ["photo_0", "photo_1"],
        "typical": [],
    }


def test_a_class_that_occurs_nowhere_has_no_photos() -> None:
    assert chosen(ScoreBook(2)) == {"worst": [], "typical": []}


def test_only_the_background_is_left_out_and_only_where_there_is_one() -> None:
    choices = choose_photos(book_of(5), per_class=1, background_id=0)
    without = choose_photos(book_of(5), per_class=1, background_id=None)

    assert {choice.class_id for choice in choices} == {1}
    assert {choice.class_id for choice in without} == {0, 1}


def test_a_limit_keeps_the_first_ranks_of_every_kind() -> None:
    book = book_of(*range(11))

    assert chosen(book, per_class=5, limit=3) == {
        "worst": ["photo_0", "photo_1"],
        "typical": ["photo_5"],
    }


def test_the_worst_photos_of_a_slice_are_those_with_the_lowest_score_in_it() -> None:
    book = ScoreBook(2)
    for name, score, slices in (
        ("good", 0.9, (0, 1)),
        ("bad", 0.1, (1,)),
        ("fair", 0.5, (0,)),
        ("poor", 0.3, (0,)),
        ("empty", float("nan"), (0, 1)),
    ):
        book.add(
            PhotoScore(
                record_key=name,
                example_id=name,
                matrix=np.array([[5, 0, 0], [0, 5, 0]], np.int64),
                foreground_miou=score,
                slices=slices,
            )
        )
    keys = [(("view", "front"),), (("view", "rear"),)]

    found = choose_slice_photos(book, keys, per_slice=2)

    assert [(one.slice, one.rank, one.photo.example_id) for one in found] == [
        (keys[0], 0, "poor"),
        (keys[0], 1, "fair"),
        (keys[1], 0, "bad"),
        (keys[1], 1, "good"),
    ]
    assert {one.class_id for one in found} == {ANY_CLASS}
