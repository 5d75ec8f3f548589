from __future__ import annotations

import doctest

import pytest

from tfx_pipeline.cli import bulk_masks, submit_rows


@pytest.mark.parametrize(
    ("module", "examples"),
    [(bulk_masks, 2), (submit_rows, 1)],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_examples_in_docstrings_hold(module, examples: int) -> None:
    assert doctest.testmod(module) == (0, examples)
