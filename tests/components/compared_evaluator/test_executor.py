"""What TFX's Evaluator gets for a baseline that does not exist."""

from __future__ import annotations

from typing import Any

import pytest
from tfx import types
from tfx.components.evaluator import executor as tfx_evaluator
from tfx.types import standard_artifacts

from components.compared_evaluator.component import ComparedEvaluator
from components.compared_evaluator.executor import Executor

pytestmark = pytest.mark.integration


def baseline_given(
    monkeypatch: pytest.MonkeyPatch, inputs: dict[str, list[types.Artifact]]
) -> list[types.Artifact]:
    """Returns the baseline that reaches TFX's own executor."""
    given: dict[str, Any] = {}

    def remember(_: Any, input_dict: Any, *__: Any) -> None:
        given.update(input_dict)

    monkeypatch.setattr(tfx_evaluator.Executor, "Do", remember)
    Executor().Do(inputs, {}, {})
    return list(given["baseline_model"])


@pytest.mark.parametrize("exists", [1, 0])
def test_only_a_model_that_exists_is_compared_with(
    monkeypatch: pytest.MonkeyPatch, exists: int
) -> None:
    live = standard_artifacts.Model()
    live.set_int_custom_property("exists", exists)

    given = baseline_given(monkeypatch, {"baseline_model": [live]})

    assert given == ([live] if exists else [])


def test_an_input_that_nobody_wired_is_a_first_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert baseline_given(monkeypatch, {}) == []


def test_containers_start_our_executor() -> None:
    spec = ComparedEvaluator.EXECUTOR_SPEC

    assert spec.executor_class is Executor
