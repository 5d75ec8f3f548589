"""Every number that an evaluation holds has its name here, and says what is good."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.measure import PhotoMasks
from components.segmentation_metrics.measurement import Measuring
from components.segmentation_metrics.number_kinds import (
    OF_ALL,
    OF_CLASS,
    OF_CONFIDENCE,
    WITH_REST_CLASS,
    Better,
    kind_of,
    metric_names,
    of_confidence,
)
from components.segmentation_metrics.standard_measures import standard_measures

CLASSES = ClassNames(names=("none", "car", "rest"), background_id=0)
TRUTH = np.zeros((12, 16), np.uint8)
TRUTH[2:6, 2:7] = TRUTH[8:10, 9:14] = 1
RIGHT = np.where(TRUTH == 1, 230, 220).astype(np.uint8)


def numbers(prediction: np.ndarray, confidence: np.ndarray) -> dict[str, float]:
    measures = standard_measures(CLASSES, rest_class="rest", replicates=0)
    measuring = Measuring(classes=CLASSES, measures=measures)
    masks = PhotoMasks(truth=TRUTH, prediction=prediction, confidence=confidence)
    return measuring.nothing().add(measuring.of_photo(masks, b"car 1")).numbers()


def measured(rest_class: str | None) -> set[str]:
    measures = standard_measures(CLASSES, rest_class=rest_class, replicates=0)
    return set(Measuring(classes=CLASSES, measures=measures).nothing().numbers())


@pytest.mark.parametrize("rest_class", [None, "rest"])
def test_numbers_of_the_whole_split_have_these_names(rest_class: str | None) -> None:
    known = {*OF_ALL, *(WITH_REST_CLASS if rest_class else ())}

    assert {name for name in measured(rest_class) if "/" not in name} == known


def test_numbers_of_a_class_have_these_names() -> None:
    found = {name.partition("/")[0] for name in measured(None) if name.endswith("/car")}

    assert found == set(OF_CLASS)


def test_all_others_are_of_a_threshold() -> None:
    others = {
        name
        for name in measured(None)
        if "/" in name and name.partition("/")[0] not in OF_CLASS
    }

    assert others == {name for each in OF_CONFIDENCE for name in of_confidence(each)}


def test_every_number_of_an_evaluation_has_a_kind() -> None:
    found = numbers(TRUTH, RIGHT)

    assert "parts_accuracy" in found
    assert [name for name in found if kind_of(name) is None] == []
    assert [name for name in metric_names() if kind_of(name) is None] == []


def test_a_right_mask_is_nowhere_worse_than_a_poor_one() -> None:
    poor = TRUTH.copy()
    poor[8:, :], poor[0, 12:], poor[:, 3] = 0, 1, 2
    good, bad = numbers(TRUTH, RIGHT), numbers(poor, np.full_like(RIGHT, 255))
    moved = set()

    for name, value in good.items():
        kind = kind_of(name)
        assert kind is not None
        change = value - bad[name]
        if kind.better is Better.HIGHER and not name.startswith("auto_share"):
            assert not change < 0, name
        elif kind.better is Better.LOWER:
            assert not change > 0, name
        moved.add((name, kind.better) if change else ("", kind.better))
    assert ("ece", Better.LOWER) in moved
    assert ("count_error/car", Better.LOWER) in moved
    assert ("iou/car", Better.HIGHER) in moved


@pytest.mark.parametrize("name", ["count_bias/car", "overconfidence"])
def test_numbers_with_a_sign_are_best_near_zero(name: str) -> None:
    kind = kind_of(name)

    assert kind is not None and kind.better is Better.NEAR_ZERO


def test_the_names_are_known_without_opencv_and_tensorflow() -> None:
    code = (
        "import sys, components.segmentation_metrics.number_kinds\n"
        "print({'cv2', 'numpy', 'tensorflow'} & set(sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "set()"
