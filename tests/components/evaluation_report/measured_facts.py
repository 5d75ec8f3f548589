"""Facts of a report measured on drawn masks of any number of classes, with intervals.

What the Evaluator would store is made by the same measures; the photos themselves stay
at hand, so that tests can count again by plain loops.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from components.dataset_auditor.class_table import ClassTable
from components.evaluation_report.photo_choice import (
    choose_photos,
    choose_slice_photos,
)
from components.evaluation_report.photo_layers import draw_layers
from components.evaluation_report.photo_scores import ScoreBook, score_photo
from components.evaluation_report.photo_slices import PhotoSlices
from components.evaluation_report.report_facts import ReportFacts
from components.evaluation_report.shown_photos import ShownPhotos
from components.evaluation_report.weak_slices import weakest_slices
from components.model_gate.measurements import Measured
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.decision_table import DecisionCosts
from components.segmentation_metrics.measure import PhotoMasks
from components.segmentation_metrics.measurement import Measurement, Measuring
from components.segmentation_metrics.standard_measures import standard_measures
from tests.components.dataset_auditor.drawn_records import encode, make_record
from tests.components.evaluation_report.made_facts import HISTORY, VERDICT, make_facts

HEIGHT, WIDTH = 24, 36
CALIBRATION = {
    "temperature": 1.5,
    "nll_before": 0.5,
    "nll_after": 0.4,
    "ece_before": 0.08,
    "ece_after": 0.02,
    "pixels": 123456,
}
MEAN_MASK = {
    "rule": "mean_mask",
    "passed": True,
    "sentence": "The model beats the training set's mean mask.",
    "number": 0.75,
    "bound": 0.5,
    "reference": 0.49,
}
COSTS = DecisionCosts(manual=2.0, missed=50.0, false_alarm=5.0)


@dataclass(frozen=True, kw_only=True)
class DrawnPhoto:
    """One photo's masks by every model, and where it belongs."""

    name: str
    group: str
    view: str
    truth: np.ndarray
    predicted: np.ndarray
    before: np.ndarray
    foggy: np.ndarray
    confidence: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Photos and the facts of a report on them."""

    photos: Sequence[DrawnPhoto]
    classes: ClassNames
    facts: ReportFacts
    taxonomy: dict[str, Any] = field(default_factory=dict)


def taxonomy_of(count: int, background: bool = True) -> dict[str, Any]:
    """A taxonomy of so many classes, the first of which may be the background."""
    rng = np.random.default_rng(count)
    names = [f"part {index}" for index in range(count)]
    if background:
        names[0] = "background"
    return {
        "dataset": "drawn",
        "task": "car",
        "background_id": 0 if background else None,
        "void_id": 255,
        "licence": "CC0-1.0",
        "commercial": "yes",
        "classes": [
            {"id": index, "name": name, "rgb": rng.integers(0, 256, 3).tolist()}
            for index, name in enumerate(names)
        ],
    }


def draw_photos(count: int, classes: int) -> list[DrawnPhoto]:
    """Boxes of all classes, predicted worse from photo to photo; every third empty."""
    rng = np.random.default_rng([count, classes])
    photos = []
    for index in range(count):
        truth = np.zeros((HEIGHT, WIDTH), np.uint8)
        shown = 0 if index % 6 == 5 else max(2, classes)
        for _ in range(shown):
            top, left = rng.integers(0, HEIGHT - 4), rng.integers(0, WIDTH - 6)
            height, width = rng.integers(2, 10), rng.integers(2, 14)
            box = np.s_[top : top + height, left : left + width]
            truth[box] = rng.integers(1, classes)
        truth[0, :3] = 255
        share = 0.02 + 0.1 * index / count
        photos.append(
            DrawnPhoto(
                name=f"photo_{index:02d}",
                group=f"group {index // 2}",
                view=("front", "rear", "side")[0 if index < count // 2 else index % 3],
                truth=truth,
                predicted=_spoil(truth, share, classes, rng),
                before=_spoil(truth, 2 * share, classes, rng),
                foggy=_spoil(truth, 3 * share, classes, rng),
                confidence=rng.integers(170, 256, truth.shape).astype(np.uint8),
            )
        )
    return photos


def draw(
    count: int = 24,
    classes: int = 2,
    *,
    background: bool = True,
    replicates: int = 100,
    per_class: int = 1,
    **changes: Any,
) -> Drawn:
    """Draws photos and measures them as the Evaluator would, with a model before."""
    taxonomy = taxonomy_of(classes, background)
    names = ClassNames.from_taxonomy(taxonomy)
    photos = draw_photos(count, classes)
    measuring = Measuring(
        classes=names, measures=standard_measures(names, replicates=replicates)
    )
    views = sorted({photo.view for photo in photos})
    slices = {
        (): [(photo, photo.predicted) for photo in photos],
        **{
            (("view", view),): [
                (one, one.predicted) for one in photos if one.view == view
            ]
            for view in views
        },
        (("corruption", "fog 1"),): [(photo, photo.before) for photo in photos],
        (("corruption", "fog 4"),): [(photo, photo.foggy) for photo in photos],
        (("corruption", "noise 4"),): [(photo, photo.before) for photo in photos],
    }
    found = {key: _measure(measuring, pairs) for key, pairs in slices.items()}
    before = _measure(measuring, [(photo, photo.before) for photo in photos])
    measured = Measured(
        numbers={key: one.numbers() for key, one in found.items()},
        replicates={key: one.sums.replicates() for key, one in found.items()},
        sums={(): found[()].sums.stored_sums()},
    )
    facts = make_facts(
        **{
            "missed": (0,),
            "verdict": VERDICT | {"rules": [MEAN_MASK]},
            "history": HISTORY | {"calibration": CALIBRATION},
            "measured": measured,
            "live": Measured(
                numbers={(): before.numbers()},
                replicates={(): before.sums.replicates()},
            ),
            "matrix": found[()].totals.matrix,
        }
        | changes
    )
    shown = _show(photos, taxonomy, weakest_slices(measured.numbers), per_class)
    facts = dataclasses.replace(facts, taxonomy=taxonomy, photos=shown)
    return Drawn(photos=photos, classes=names, facts=facts, taxonomy=taxonomy)


def _spoil(
    truth: np.ndarray, share: float, classes: int, rng: np.random.Generator
) -> np.ndarray:
    """Moves the mask a pixel aside and gives a share of its pixels any class."""
    predicted = np.where(truth == 255, 0, np.roll(truth, 1, axis=1)).astype(np.uint8)
    predicted[predicted == 255] = 0
    wrong = rng.random(truth.shape) < share
    predicted[wrong] = rng.integers(0, classes, int(wrong.sum()))
    return predicted


def _measure(
    measuring: Measuring, pairs: Sequence[tuple[DrawnPhoto, np.ndarray]]
) -> Measurement:
    total = measuring.nothing()
    for photo, predicted in pairs:
        masks = PhotoMasks(
            truth=photo.truth, prediction=predicted, confidence=photo.confidence
        )
        total = total.add(measuring.of_photo(masks, photo.group.encode()))
    return total


def _show(
    photos: Sequence[DrawnPhoto],
    taxonomy: dict[str, Any],
    slices: Sequence[Any],
    per_class: int,
) -> ShownPhotos:
    classes = ClassNames.from_taxonomy(taxonomy)
    asked = PhotoSlices(keys=tuple(slices), task="car", classes=classes)
    book, answers = ScoreBook(len(classes.names)), {}
    for seed, photo in enumerate(photos):
        record = make_record(
            photo.name, seed=seed, view=photo.view, mask_car=encode(photo.truth)
        )
        png = encode(photo.predicted)
        score = score_photo(record, png, task="car", classes=classes, slices=asked)
        book.add(score)
        answers[score.record_key] = (record, png)
    choices = choose_photos(
        book, per_class=per_class, background_id=classes.background_id
    ) + choose_slice_photos(book, slices, per_slice=per_class)
    wanted: dict[str, set[int]] = {}
    for choice in choices:
        wanted.setdefault(choice.photo.record_key, set()).add(choice.class_id)
    layers = {
        key: draw_layers(
            *answers[key],
            task="car",
            table=ClassTable.from_taxonomy(taxonomy),
            class_ids=class_ids,
        )
        for key, class_ids in wanted.items()
    }
    return ShownPhotos(book=book, choices=choices, layers=layers)
