from __future__ import annotations

import doctest

import pytest

from components.segmentation_metrics import (
    bootstrap,
    calibration,
    confusion,
    decisions,
    foreground,
    measure,
)


@pytest.mark.parametrize(
    ("module", "examples"),
    [
        (bootstrap, 2),
        (calibration, 1),
        (confusion, 2),
        (decisions, 1),
        (foreground, 2),
        (measure, 1),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_examples_in_docstrings_hold(module, examples: int) -> None:
    assert doctest.testmod(module) == (0, examples)
