from __future__ import annotations

import doctest

import pytest

from components.evaluation_report import (
    corruption_slices,
    markup,
    named_numbers,
    number_intervals,
    number_text,
    page_colours,
    page_slices,
    photo_layers,
    private_text,
)


@pytest.mark.parametrize(
    ("module", "examples"),
    [
        (corruption_slices, 1),
        (markup, 2),
        (named_numbers, 1),
        (number_intervals, 1),
        (number_text, 9),
        (page_colours, 2),
        (page_slices, 1),
        (photo_layers, 2),
        (private_text, 1),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_examples_in_docstrings_hold(module, examples: int) -> None:
    assert doctest.testmod(module) == (0, examples)
