"""Scores of the whole split that others report: for comparing with their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class SplitScore(NamedTuple):
    """One of them.

    Attributes:
        name: As the evaluation calls it.
        title: As a table calls it.
        meaning: What it tells.
    """

    name: str
    title: str
    meaning: str


SPLIT_SCORES = (
    SplitScore(
        "mean_image_dice",
        "mean image Dice",
        "Dice of each photo, 1 where a class is on neither side, then the mean over"
        " photos and foreground classes: the score of Kaggle's Carvana",
    ),
    SplitScore(
        "fw_iou",
        "frequency-weighted IoU",
        "mean IoU in which a class weighs as much as its share of the true pixels",
    ),
    SplitScore(
        "pixel_accuracy",
        "accuracy: full",
        "share of all true pixels that were predicted right, background too",
    ),
    SplitScore(
        "foreground_accuracy",
        "accuracy: object",
        "the same of the true pixels of the foreground",
    ),
    SplitScore(
        "parts_accuracy",
        "accuracy: parts",
        "the same of the named parts alone, without evaluate.rest_class",
    ),
)


def known_scores(numbers: Mapping[str, float]) -> list[SplitScore]:
    """Returns those that an evaluation holds.

    Example:
        >>> [entry.title for entry in known_scores({"miou": 0.5, "fw_iou": 0.9})]
        ['frequency-weighted IoU']
    """
    return [entry for entry in SPLIT_SCORES if entry.name in numbers]
