from __future__ import annotations

from typing import Any

import pytest

from tests.tfx_pipeline.runners.kubeflow.small_spec import small_spec
from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.runners.kubeflow.check_spec import MAX_PARAMETERS_BYTES, check_spec


def test_a_spec_that_can_run_is_left_alone() -> None:
    check_spec(small_spec())


def _constant(spec: dict[str, Any], value: Any) -> None:
    train = spec["root"]["dag"]["tasks"]["Train_deep_lab"]
    train["inputs"]["parameters"]["name"]["runtimeValue"]["constant"] = value


def _resolver(spec: dict[str, Any]) -> None:
    executors = spec["deploymentSpec"]["executors"]
    executors["Look_executor"] = {"resolver": {"outputArtifactQueries": {}}}


def _conditional_importer(spec: dict[str, Any]) -> None:
    spec["root"]["dag"]["tasks"]["Base"]["triggerPolicy"] = {"condition": "true"}


def _long_name(spec: dict[str, Any]) -> None:
    tasks = spec["root"]["dag"]["tasks"]
    tasks["L" * 101] = tasks.pop("Look")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_resolver, "must be a container, or an importer .* got resolver for Look"),
        (_conditional_importer, "hangs on no condition, got importer for Base"),
        (_long_name, "must have 100 letters or fewer, got 'LLL"),
        (
            lambda spec: _constant(spec, "a {{b}}"),
            "free of '{{', got 'a {{b}}' as name",
        ),
        (
            lambda spec: _constant(spec, "x" * MAX_PARAMETERS_BYTES),
            r"100000 bytes or fewer together, got 100002 for Train_deep_lab",
        ),
    ],
)
def test_what_kubeflow_would_refuse_is_refused_here(spoil: Any, sentence: str) -> None:
    spec = small_spec()
    spoil(spec)

    with pytest.raises(UsageError, match=sentence):
        check_spec(spec)
