"""Compared models made of drawn masks, without Beam and TensorFlow."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np

from components.model_gate.measurements import Measured
from components.run_comparison.compared_model import ComparedModel
from components.run_comparison.measured_on import MeasuredOn
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.measure import PhotoMasks
from components.segmentation_metrics.measurement import Measuring
from components.segmentation_metrics.overlap import OverlapMeasure
from components.segmentation_metrics.replicated_sums import MeasureSet

TAXONOMY = {
    "dataset": "drawn",
    "task": "car",
    "background_id": 0,
    "void_id": 255,
    "classes": [
        {"id": 0, "name": "background", "rgb": [0, 0, 0]},
        {"id": 1, "name": "car", "rgb": [0, 0, 142]},
        {"id": 2, "name": "범퍼 <front>", "rgb": [220, 20, 60]},
    ],
}
CLASSES = ClassNames.from_taxonomy(TAXONOMY)
SIDE_PX = 16
GROUPS = 24
PHOTOS = range(2 * GROUPS)
FRONT, REAR = (("view", "front"),), (("view", "rear"),)

Miss = Callable[[int], int]  # columns of the car that a model misses on a photo


def group_id(photo: int) -> bytes:
    return f"car {photo // 2}".encode()


def slice_of(photo: int) -> tuple[tuple[str, str], ...]:
    return FRONT if photo % 3 else REAR


def draw_truth(photo: int) -> np.ndarray:
    """A car of 8 px height and 6 to 12 px width with a bumper of two columns."""
    mask = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    width = 6 + photo % 7
    mask[4:12, 2 : 2 + width] = 1
    mask[6:10, 2 + width : 4 + width] = 2
    return mask


def draw_prediction(photo: int, miss: Miss) -> np.ndarray:
    mask = draw_truth(photo)
    mask[4:12, 2 : 2 + miss(photo)] = 0
    return mask


def hard_photos(photo: int) -> int:
    """Some cars are hard for every model: 0 to 4 columns are missed."""
    return int(np.random.default_rng(photo // 2).integers(0, 5))


def one_more(photo: int) -> int:
    """Misses one column more than `hard_photos`, everywhere."""
    return hard_photos(photo) + 1


def now_more_now_less(photo: int) -> int:
    """Misses as much as `hard_photos`, but on other photos."""
    return hard_photos(len(PHOTOS) - 1 - photo)


@cache
def make_measured(
    miss: Miss, photos: tuple[int, ...], replicates: int
) -> tuple[Measured, tuple[int, ...]]:
    """Returns the evaluation of a model, and the true pixels of each class."""
    measures = MeasureSet(
        measures=(OverlapMeasure(classes=CLASSES),),
        class_names=CLASSES.names,
        replicates=replicates,
    )
    measuring = Measuring(classes=CLASSES, measures=measures)
    keys = {(), *(slice_of(photo) for photo in photos)}
    parts = {key: measuring.nothing() for key in keys}
    for photo in photos:
        masks = PhotoMasks(
            truth=draw_truth(photo), prediction=draw_prediction(photo, miss)
        )
        for key in ((), slice_of(photo)):
            parts[key].add(measuring.of_photo(masks, group_id(photo)))
    measured = Measured(
        numbers={key: part.numbers() for key, part in parts.items()},
        replicates={
            key: {
                name: values.astype(np.float64)
                for name, values in part.sums.replicates().items()
            }
            for key, part in parts.items()
            if replicates
        },
    )
    true_px = tuple(parts[()].totals.matrix.sum(axis=1).tolist())
    return measured, true_px


def make_model(
    name: str,
    miss: Miss,
    photos: Iterable[int] = PHOTOS,
    replicates: int = 400,
    **changes: Any,
) -> ComparedModel:
    measured, true_px = make_measured(miss, tuple(photos), replicates)
    whole = measured.numbers[()]
    model = ComparedModel(
        name=name,
        run_id=f"run of {name}",
        made="2026-11-21 08:15",
        network="unet",
        parameters=1234567,
        measured=measured,
        test=MeasuredOn(
            taxonomy=TAXONOMY,
            examples=whole["examples"],
            groups=whole["groups"],
            true_px=true_px,
            records="the same",
        ),
        figures={"grpc_p50_ms": 12.25, "grpc_p95_ms": 20.5},
    )
    return dataclasses.replace(model, **changes)
