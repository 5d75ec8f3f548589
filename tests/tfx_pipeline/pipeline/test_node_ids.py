"""Examples in the docstrings about names hold."""

from __future__ import annotations

import doctest

from tfx_pipeline.pipeline import node_ids


def test_examples_in_docstrings_hold() -> None:
    assert doctest.testmod(node_ids) == (0, 3)
