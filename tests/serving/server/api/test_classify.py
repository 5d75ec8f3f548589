from __future__ import annotations

from typing import Any

import pytest

from serving.server.api.call import CallOptions
from serving.server.api.classify import classify
from serving.server.errors import Code, ServingError
from serving.server.models.servable import Runner
from tests.serving.server.example_model import (
    CLASSIFY,
    classification,
    drawn_numbers,
    example,
    listed,
    pairs,
)

TWO = listed(*map(example, drawn_numbers(2)))
EMPTY = listed()


def asked(runner: Runner, request: Any, **options: Any) -> Any:
    return classify(runner, request, CallOptions(**options))


def test_every_example_gets_its_classes_with_their_scores(
    example_runner: Runner,
) -> None:
    numbers = drawn_numbers(5, seed=1)
    sent = listed(*(example(row, f"e{i}") for i, row in enumerate(numbers)))
    response = asked(example_runner, classification(sent))
    assert response.model_spec.signature_name == "serving_default"
    assert pairs(response.result) == [
        [(f"e{i}-left", float(left)), (f"e{i}-right", float(right))]
        for i, (left, right) in enumerate(numbers)
    ]


def test_one_output_is_enough(example_runner: Runner) -> None:
    ((left, right),) = drawn_numbers(1, seed=2)
    sent = listed(example((left, right), "car"))
    labels = asked(example_runner, classification(sent, "classes"))
    assert pairs(labels.result) == [[("car-left", 0.0), ("car-right", 0.0)]]
    scores = asked(example_runner, classification(sent, "scores"))
    assert scores.model_spec.signature_name == "scores"
    assert pairs(scores.result) == [[("", float(left)), ("", float(right))]]


def test_a_context_is_merged_into_each_example_which_wins(
    example_runner: Runner,
) -> None:
    numbers = drawn_numbers(3, seed=3)
    sent = listed(
        example(numbers[0]),
        example(numbers[1], "own"),
        example(),
        context=example(numbers[2], "all"),
    )
    found = pairs(asked(example_runner, classification(sent)).result)
    assert [row[0] for row in found] == [
        ("all-left", float(numbers[0, 0])),
        ("own-left", float(numbers[1, 0])),
        ("all-left", float(numbers[2, 0])),
    ]


@pytest.mark.parametrize(
    ("sent", "signature", "message"),
    [
        # The signature is looked at before the examples.
        (EMPTY, "s", "No signature was found with the name: s"),
        (EMPTY, "two_inputs", "Expected one input Tensor."),
        (EMPTY, "three", "Expected one or two output Tensors, found 3"),
        (EMPTY, "other_input", "No classification inputs found in SignatureDef: inp"),
        (
            EMPTY,
            "number",
            "Expected classification signature outputs to contain at least one of"
            ' "classes" or "scores". Signature was: inputs {',
        ),
        (EMPTY, "", "Input is empty."),
        (listed(context=example()), "", "Input is empty."),
        (
            TWO,
            "flat",
            "Expected Tensor shape: [batch_size num_classes] but got [2]",
        ),
        (TWO, "codes", "Expected classes Tensor of DT_STRING. Got: DT_INT64"),
        (TWO, "doubles", "Expected scores Tensor of DT_FLOAT. Got: DT_DOUBLE"),
        (TWO, "first", "Expected scores output batch size of 2. Got: 1"),
        (
            TWO,
            "narrow",
            "Tensors class and score should match in dim_size(1). Got 2 vs. 1",
        ),
        # The graph's own words.
        (listed(example()), "", "Feature: x (data type: float) is required but could"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_is_wrong_is_said_in_tensorflow_servings_words(
    example_runner: Runner, sent: Any, signature: str, message: str
) -> None:
    with pytest.raises(ServingError) as raised:
        asked(example_runner, classification(sent, signature))
    assert message in raised.value.message
    assert raised.value.code is Code.INVALID_ARGUMENT


def test_labels_that_no_client_could_read_are_the_models_fault(
    example_runner: Runner,
) -> None:
    with pytest.raises(ServingError, match=r"UTF-8, got b'\\xff' for example 0"):
        asked(example_runner, classification(TWO, "bytes"))


def test_method_names_count_only_where_the_server_checks_them(
    example_runner: Runner,
) -> None:
    requests = [classification(TWO, name) for name in ("scores", "number", "three")]
    asked(example_runner, requests[0], checks_method_names=True)
    for request, method in zip(
        requests[1:], ("tensorflow/serving/regress", ""), strict=True
    ):
        with pytest.raises(ServingError) as raised:
            asked(example_runner, request, checks_method_names=True)
        assert raised.value.code is Code.INVALID_ARGUMENT
        assert raised.value.message == (
            f"Expected classification signature method_name to be {CLASSIFY}. Was:"
            f" {method}"
        )
