from __future__ import annotations

import doctest

import pytest

from components.run_comparison import change_text, disputed_photo, page_latency


@pytest.mark.parametrize(
    ("module", "examples"),
    [(change_text, 3), (disputed_photo, 3), (page_latency, 2)],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_examples_in_docstrings_hold(module, examples: int) -> None:
    assert doctest.testmod(module) == (0, examples)
