from __future__ import annotations

import doctest

import pytest

from components.evaluation_report import (
    markup,
    named_numbers,
    number_text,
    photo_layers,
    private_text,
)


@pytest.mark.parametrize(
    ("module", "examples"),
    [
        (markup, 2),
        (named_numbers, 1),
        (number_text, 4),
        (photo_layers, 1),
        (private_text, 1),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_examples_in_docstrings_hold(module, examples: int) -> None:
    assert doctest.testmod(module) == (0, examples)
