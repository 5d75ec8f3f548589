"""The names that a configuration is checked with are those of the evaluation."""

from __future__ import annotations

import subprocess
import sys

import pytest

from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.measurement import Measuring
from components.segmentation_metrics.number_names import (
    OF_ALL,
    OF_CLASS,
    OF_CONFIDENCE,
    WITH_REST_CLASS,
    of_confidence,
)
from components.segmentation_metrics.standard_measures import standard_measures

CLASSES = ClassNames(names=("none", "car", "rest"), background_id=0)


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


def test_the_names_are_free_to_import() -> None:
    code = (
        "import sys, components.segmentation_metrics.number_names\n"
        "print({'cv2', 'numpy', 'tensorflow'} & set(sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "set()"
