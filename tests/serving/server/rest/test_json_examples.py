from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest
from google.protobuf import text_format
from tensorflow_serving.apis import input_pb2

from serving.server.errors import Code, ServingError
from serving.server.rest.json_examples import read_examples
from serving.server.rest.json_request import parse_document


def read(body: Any) -> input_pb2.Input:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_examples(parse_document(data))


def feature(value: Any) -> Any:
    """Returns the feature that a JSON value becomes."""
    (example,) = read({"examples": [{"x": value}]}).example_list.examples
    return example.features.feature["x"]


def test_examples_become_messages() -> None:
    sent = read({"examples": [{"a": 1, "b": [2.5, -1.0]}, {}, {"c": "car", "d": []}]})
    expected = """
        example_list {
          examples { features {
            feature { key: "a" value { int64_list { value: 1 } } }
            feature { key: "b" value { float_list { value: 2.5 value: -1 } } }
          } }
          examples {}
          examples { features {
            feature { key: "c" value { bytes_list { value: "car" } } }
            feature { key: "d" value {} }
          } }
        }"""
    assert sent == text_format.Parse(expected, input_pb2.Input())


@pytest.mark.parametrize("context", [{"a": [1]}, {}])
def test_a_context_makes_another_kind_of_input(context: dict[str, Any]) -> None:
    sent = read({"context": context, "examples": [{"b": 2}, {"b": 3}]})
    assert sent.WhichOneof("kind") == "example_list_with_context"
    merged = sent.example_list_with_context
    assert [
        list(item.features.feature["b"].int64_list.value) for item in merged.examples
    ] == [[2], [3]]
    assert list(merged.context.features.feature) == list(context)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ([2**63 - 1, -(2**63), 0], "int64_list", [2**63 - 1, -(2**63), 0]),
        ([True, False, 7], "int64_list", [1, 0, 7]),
        ([1.0, 3e38, -0.5], "float_list", [1.0, float(np.float32(3e38)), -0.5]),
        ([2**64, -(2**63) - 1], "float_list", [2.0**64, -(2.0**63)]),
        ([float("inf"), -float("inf")], "float_list", [np.inf, -np.inf]),
        (
            ["a", {"b64": "/9g="}, {"b64": "/9g"}],
            "bytes_list",
            [b"a", *[b"\xff\xd8"] * 2],
        ),
        ({"b64": ""}, "bytes_list", [b""]),
        ("Ж", "bytes_list", ["Ж".encode()]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_json_type_decides_the_kind_of_a_feature(
    value: Any, kind: str, expected: list[Any]
) -> None:
    found = feature(value)
    assert found.WhichOneof("kind") == kind
    assert list(getattr(found, kind).value) == expected


def test_bytes_and_numbers_arrive_exactly() -> None:
    rng = np.random.default_rng(5)
    data = rng.bytes(3000)
    numbers = rng.normal(size=1000).astype(np.float32)
    packed = feature({"b64": base64.b64encode(data).decode()})
    assert list(packed.bytes_list.value) == [data]
    found = feature(numbers.astype(float).tolist())
    np.testing.assert_array_equal(found.float_list.value, numbers)
    assert np.isnan(
        read(b'{"examples": [{"x": NaN}]}')
        .example_list.examples[0]
        .features.feature["x"]
        .float_list.value[0]
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"instances": [1]},
            'JSON Value: {\n    "instances": [\n        1\n    ]\n} When method is'
            " classify, key 'examples' is expected and was not found",
        ),
        (
            {"examples": {"x": 1}},
            "Expecting 'examples' value to be an list/array",
        ),
        ({"examples": []}, "'examples' value is an empty array"),
        ({"examples": [{}, 3]}, "Example must be JSON object but got JSON Number"),
        ({"examples": [[]]}, "Example must be JSON object but got JSON Array"),
        ({"examples": [None]}, "Example must be JSON object but got JSON Null"),
        # The context is read first.
        ({"context": "c"}, "Example must be JSON object but got JSON String"),
        (
            {"examples": [{"x": None}]},
            "Feature: x has element with unexpected JSON type: Null",
        ),
        (
            {"examples": [{"x": [1, [2]]}]},
            "Feature: x has element with unexpected JSON type: Array",
        ),
        (
            {"examples": [{"x": {"b64": "YQ==", "c": 1}}]},
            "Feature: x has element with unexpected JSON type: Object",
        ),
        (
            {"examples": [{"x": [1, 2.0]}]},
            "Unexpected element type in feature: x expecting type: int64",
        ),
        (
            {"examples": [{"x": [1.5, True]}]},
            "Unexpected element type in feature: x expecting type: float",
        ),
        (
            {"context": {"x": ["a", 1]}},
            "Unexpected element type in feature: x expecting type: bytes",
        ),
        (
            {"examples": [{"x": 2**63}]},
            "Feature: x has uint64 element. Only int64 is supported.",
        ),
        (
            {"examples": [{"x": 1e39}]},
            "Cannot convert JSON value: 1e+39 to float without loss of precision.",
        ),
        ({"examples": [{"x": {"b64": "Y"}}]}, "Unable to base64 decode"),
    ],
    ids=lambda value: value[-40:] if isinstance(value, str) else "",
)
def test_what_is_wrong_is_said_in_tensorflow_servings_words(
    body: Any, message: str
) -> None:
    with pytest.raises(ServingError) as raised:
        read(body)
    assert raised.value.message.endswith(message)
    assert raised.value.code is Code.INVALID_ARGUMENT
