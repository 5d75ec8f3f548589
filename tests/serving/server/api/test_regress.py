from __future__ import annotations

from typing import Any

import pytest

from serving.server.api.call import CallOptions
from serving.server.api.regress import regress
from serving.server.errors import Code, ServingError
from serving.server.models.servable import Runner
from tests.serving.server.example_model import (
    REGRESS,
    drawn_numbers,
    example,
    listed,
    regression,
    values,
)

TWO = listed(*map(example, drawn_numbers(2)))
EMPTY = listed()


@pytest.mark.parametrize("signature", ["number", "column"])
def test_every_example_gets_a_number(example_runner: Runner, signature: str) -> None:
    numbers = drawn_numbers(4, seed=1)
    sent = listed(*map(example, numbers))
    response = regress(example_runner, regression(sent, signature), CallOptions())
    assert response.model_spec.signature_name == signature
    assert values(response.result) == (numbers[:, 0] - numbers[:, 1]).tolist()


@pytest.mark.parametrize(
    ("sent", "signature", "message"),
    [
        (EMPTY, "s", "No signature was found with the name: s"),
        (EMPTY, "two_inputs", "Expected one input Tensor."),
        (EMPTY, "", "Expected one output Tensor."),
        (EMPTY, "other_value", "No regression inputs found in SignatureDef: inputs {"),
        (EMPTY, "logits", "No regression outputs found in SignatureDef: inputs {"),
        (EMPTY, "number", "Input is empty."),
        (
            TWO,
            "pair",
            "Expected output Tensor shape to be either [batch_size] or [batch_size, 1]"
            " but got [2,2]",
        ),
        (
            TWO,
            "first_number",
            "Input batch size did not match output batch size: 2 vs. 1",
        ),
        (TWO, "double", "Expected output Tensor of DT_FLOAT.  Got: DT_DOUBLE"),
        (listed(example()), "number", "Feature: x (data type: float) is required"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_is_wrong_is_said_in_tensorflow_servings_words(
    example_runner: Runner, sent: Any, signature: str, message: str
) -> None:
    with pytest.raises(ServingError) as raised:
        regress(example_runner, regression(sent, signature), CallOptions())
    assert message in raised.value.message
    assert raised.value.code is Code.INVALID_ARGUMENT


def test_method_names_count_only_where_the_server_checks_them(
    example_runner: Runner,
) -> None:
    options = CallOptions(checks_method_names=True)
    assert values(regress(example_runner, regression(TWO), options).result)
    with pytest.raises(ServingError) as raised:
        regress(example_runner, regression(EMPTY, "scores"), options)
    assert raised.value.message == (
        f"Expected regression signature method_name to be {REGRESS}. Was:"
        " tensorflow/serving/classify"
    )
