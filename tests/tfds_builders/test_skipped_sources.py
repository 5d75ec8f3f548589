"""What an owner is known to publish is named, but not held against the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfds_builders.skipped_sources import (
    SkippedSource,
    TooManySkippedError,
    refuse_too_many,
    skipped_report,
)

DEMO = SkippedSource(
    source="train/a_swan.jpg", split="train", reason="a demo entry", is_known=True
)
BROKEN = SkippedSource(source="train/b.jpg", split="train", reason="it is cut off")


def test_known_leftovers_are_listed_but_not_counted() -> None:
    report = skipped_report(3, [DEMO, BROKEN])

    assert [entry["source"] for entry in report["skipped"]] == [
        "train/a_swan.jpg",
        "train/b.jpg",
    ]
    assert report["share"] == 0.25


def test_nothing_but_known_leftovers_is_never_too_much() -> None:
    report = skipped_report(1, [DEMO] * 50)

    assert report["share"] == 0
    refuse_too_many(report, 0.0, Path("skipped.json"))


def test_the_first_unreadable_one_is_named() -> None:
    report = skipped_report(3, [DEMO, BROKEN])

    with pytest.raises(
        TooManySkippedError, match=r"got 1 of 4 \(25\.00%\); first: train/b\.jpg: it is"
    ):
        refuse_too_many(report, 0.1, Path("skipped.json"))
