from __future__ import annotations

import doctest

from components.model_approval import signature


def test_examples_in_docstrings_hold() -> None:
    assert doctest.testmod(signature) == (0, 1)
