"""Examples in the trainer's docstrings hold."""

from __future__ import annotations

import doctest

import pytest

pytestmark = pytest.mark.integration


def test_examples_hold() -> None:
    from components.audited_trainer import executor

    failed, tried = doctest.testmod(executor)
    assert (failed, tried > 0) == (0, True)
