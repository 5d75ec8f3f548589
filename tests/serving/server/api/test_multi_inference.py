from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from serving.server.api.call import CallOptions
from serving.server.api.multi_inference import multi_inference
from serving.server.errors import Code, ServingError
from serving.server.models.servable import Runner
from tests.serving.server.example_model import (
    CLASSIFY,
    MODEL,
    REGRESS,
    drawn_numbers,
    example,
    inferences,
    listed,
    pairs,
    values,
)

TWO = listed(*map(example, drawn_numbers(2)))
EMPTY = listed()


def test_every_task_gets_its_result_in_order(example_runner: Runner) -> None:
    numbers = drawn_numbers(3, seed=1)
    sent = listed(*map(example, numbers), context=example(name="car"))
    request = inferences(sent, ("number", REGRESS), ("", CLASSIFY), ("column", REGRESS))
    response = multi_inference(example_runner, request, CallOptions())
    expected = (numbers[:, 0] - numbers[:, 1]).tolist()
    first, second, third = response.results
    assert [result.WhichOneof("result") for result in response.results] == [
        "regression_result",
        "classification_result",
        "regression_result",
    ]
    assert values(first.regression_result) == expected
    assert values(third.regression_result) == expected
    assert pairs(second.classification_result) == [
        [("car-left", float(left)), ("car-right", float(right))]
        for left, right in numbers
    ]
    assert [result.model_spec.signature_name for result in response.results] == [
        *("number", "serving_default", "column")
    ]
    assert {result.model_spec.name for result in response.results} == {MODEL}


def other_model(request: Any, name: str) -> Any:
    request.tasks[1].model_spec.name = name
    return request


@pytest.mark.parametrize(
    ("request_sent", "code", "message"),
    [
        # Tasks are looked at one after the other, and examples after all of them.
        (
            other_model(inferences(EMPTY, ("", CLASSIFY), ("s", CLASSIFY)), ""),
            "INVALID_ARGUMENT",
            "Found ModelSpec with an empty model name.",
        ),
        (
            other_model(inferences(EMPTY, ("", CLASSIFY), ("", CLASSIFY)), "m"),
            "INVALID_ARGUMENT",
            "All ModelSpecs in a MultiInferenceRequest must access the same model"
            " name.",
        ),
        (
            inferences(EMPTY, ("", CLASSIFY), ("serving_default", REGRESS)),
            "INVALID_ARGUMENT",
            "Duplicate evaluation of signature: serving_default",
        ),
        (
            inferences(EMPTY, ("s", "?")),
            "INVALID_ARGUMENT",
            "Requested signature not found in model graph: s",
        ),
        (
            inferences(EMPTY, ("", "tensorflow/serving/predict")),
            "UNIMPLEMENTED",
            "Unsupported signature method_name: tensorflow/serving/predict",
        ),
        (
            inferences(EMPTY, ("number", REGRESS), ("", REGRESS)),
            "INVALID_ARGUMENT",
            "Expected one output Tensor.",
        ),
        (
            inferences(EMPTY, ("number", REGRESS), ("elsewhere", REGRESS)),
            "INVALID_ARGUMENT",
            "Input tensor must be the same for all Signatures.",
        ),
        (inferences(EMPTY, ("", CLASSIFY)), "INVALID_ARGUMENT", "Input is empty."),
        (
            inferences(TWO, ("", CLASSIFY), ("first_number", REGRESS)),
            "INVALID_ARGUMENT",
            "Input batch size did not match output batch size: 2 vs. 1",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_is_wrong_is_said_in_tensorflow_servings_words(
    example_runner: Runner, request_sent: Any, code: str, message: str
) -> None:
    with pytest.raises(ServingError) as raised:
        multi_inference(example_runner, request_sent, CallOptions())
    assert raised.value.message == message
    assert raised.value.code is Code[code]


def test_method_names_of_signatures_count_only_where_the_server_checks_them(
    example_runner: Runner,
) -> None:
    request = inferences(TWO, ("three", CLASSIFY))
    with pytest.raises(ServingError, match="one or two output Tensors, found 3"):
        multi_inference(example_runner, request, CallOptions())
    with pytest.raises(ServingError, match=r"method_name to be .*classify\. Was: $"):
        multi_inference(example_runner, request, CallOptions(checks_method_names=True))


class UntilRunner:
    """Gives numbers to two examples and notes until when it may work."""

    def __init__(self, runner: Runner) -> None:
        self.signatures = runner.signatures
        self.seen: list[float | None] = []

    def run(self, *_args: Any, until: float | None = None) -> Any:
        self.seen.append(until)
        return {"outputs": np.zeros(2, np.float32)}

    def close(self) -> None:
        raise AssertionError("a request closes nothing")


def test_every_task_has_until_the_client_gives_up(example_runner: Runner) -> None:
    runner = UntilRunner(example_runner)
    request = inferences(TWO, ("number", REGRESS), ("column", REGRESS))
    multi_inference(runner, request, CallOptions(until=123.5))
    assert runner.seen == [123.5, 123.5]
