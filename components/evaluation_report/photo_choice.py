"""Chooses the photos of the page: of every class, and of the weakest slices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from components.evaluation_report.photo_layers import ANY_CLASS
from components.evaluation_report.photo_scores import Candidate, ScoreBook
from components.model_gate.measurements import SliceKey

Kind = Literal["worst", "typical"]
MAX_CHOICES = 120


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One photo that is shown for one class or slice.

    Attributes:
        class_id: The class; `ANY_CLASS` where it is shown for a slice.
        kind: Why it was chosen.
        rank: 0 is the first of its kind.
        photo: The photo, with the IoU of the class in it.
        slice: The slice; None where it is shown for a class.
    """

    class_id: int
    kind: Kind
    rank: int
    photo: Candidate
    slice: SliceKey | None = None


def choose_photos(
    book: ScoreBook,
    *,
    per_class: int,
    background_id: int | None,
    limit: int = MAX_CHOICES,
) -> list[Choice]:
    """Returns at most `limit` choices; where they do not suffice, first ranks win.

    The background has none of its own: where it is wrong, another class is.

    Args:
        book: All photos' scores.
        per_class: Photos of each kind.
        background_id: None where the taxonomy has no background.
        limit: Choices at all.
    """
    shown = [key for key in range(book.num_classes) if key != background_id]
    choices = [
        choice
        for class_id in shown
        for choice in _choose(class_id, book.candidates(class_id), per_class)
    ]
    by_rank = sorted(choices, key=lambda choice: (choice.rank, choice.kind != "worst"))
    kept = set(by_rank[:limit])
    return [choice for choice in choices if choice in kept]


def choose_slice_photos(
    book: ScoreBook, slices: Sequence[SliceKey], *, per_slice: int
) -> list[Choice]:
    """Returns the worst photos of each slice.

    Args:
        book: All photos' scores, told with the indices of these slices.
        slices: The slices.
        per_slice: Photos of each.
    """
    return [
        Choice(class_id=ANY_CLASS, kind="worst", rank=rank, photo=photo, slice=key)
        for index, key in enumerate(slices)
        for rank, photo in enumerate(book.slice_candidates(index)[:per_slice])
    ]


def _choose(
    class_id: int, candidates: list[Candidate], per_class: int
) -> Iterator[Choice]:
    worst = candidates[:per_class]
    typical = _most_typical(candidates, exclude=worst, wanted=per_class)
    shown: dict[Kind, list[Candidate]] = {"worst": worst, "typical": typical}
    for kind, photos in shown.items():
        for rank, photo in enumerate(photos):
            yield Choice(class_id=class_id, kind=kind, rank=rank, photo=photo)


def _most_typical(
    candidates: list[Candidate], *, exclude: list[Candidate], wanted: int
) -> list[Candidate]:
    """Returns the photos of the class whose IoU is nearest to the median."""
    true_ones = [photo for photo in candidates if photo.is_true]
    if not true_ones:
        return []
    median = float(np.median([photo.iou for photo in true_ones]))
    left = [photo for photo in true_ones if photo not in exclude]
    return sorted(left, key=lambda photo: (abs(photo.iou - median), photo))[:wanted]
