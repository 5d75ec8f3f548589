from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from serving.server.errors import Code, ServingError
from serving.server.rest.json_request import (
    Form,
    parse_document,
    read_inputs,
    signature_name,
)

RNG = np.random.default_rng(5)
FLOAT = {"x": "float"}
TWO = {"a": "float", "b": "int32"}


def read(body: Any, dtypes: dict[str, str]) -> tuple[Form, dict[str, np.ndarray]]:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_inputs(parse_document(text), dtypes)


def read_one(value: Any, dtype: str, form: str = "inputs") -> np.ndarray:
    return read({form: value}, {"x": dtype})[1]["x"]


@pytest.mark.parametrize(
    ("dtype", "numpy_dtype", "values"),
    [
        ("float", np.float32, [1, 2.5, -3e38]),
        ("double", np.float64, [1, 2.5, -1e300]),
        ("int8", np.int8, [-128, 127]),
        ("uint8", np.uint8, [0, 255]),
        ("int16", np.int16, [-5, 5]),
        ("int32", np.int32, [-(2**31), 2**31 - 1]),
        ("int64", np.int64, [-(2**63), 2**63 - 1]),
        ("uint32", np.uint32, [0, 2**32 - 1]),
        ("uint64", np.uint64, [0, 2**64 - 1]),
        ("bool", np.bool_, [True, False]),
    ],
)
def test_values_arrive_exactly(dtype: str, numpy_dtype: type, values: list) -> None:
    for form in ("inputs", "instances"):
        array = read_one(values, dtype, form)
        assert array.dtype == numpy_dtype
        np.testing.assert_array_equal(array, np.array(values, numpy_dtype))


def test_numbers_that_are_none_arrive_bare() -> None:
    _, inputs = read(b'{"instances": [NaN, Infinity, -Infinity]}', FLOAT)
    np.testing.assert_array_equal(inputs["x"], [np.nan, np.inf, -np.inf])


def test_a_whole_picture_as_numbers_keeps_its_shape() -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (2, 5, 7, 3))
    for form in ("inputs", "instances"):
        np.testing.assert_array_equal(read_one(pixels.tolist(), "uint8", form), pixels)


def test_a_plain_value_is_a_scalar_in_columns_only() -> None:
    assert read_one(3.0, "float").shape == ()
    assert read_one([3.0], "float", "instances").shape == (1,)
    assert read_one([], "float").shape == (0,)
    assert read_one([[], []], "float", "instances").shape == (2, 0)


@pytest.mark.parametrize("padding", [True, False])
def test_bytes_come_as_base64(padding: bool) -> None:
    rng = np.random.default_rng(3)
    values = [rng.bytes(size) for size in (0, 1, 2, 3, 1000)]
    texts = [base64.b64encode(value).decode() for value in values]
    objects = [{"b64": text if padding else text.rstrip("=")} for text in texts]
    for form in ("inputs", "instances"):
        assert read_one(objects, "string", form).tolist() == values


def test_strings_come_as_they_are_even_where_they_are_no_utf8() -> None:
    body = b'{"inputs": ["\xff\xd8", "\xd0\x96", "\\u0416"]}'
    assert read(body, {"x": "string"})[1]["x"].tolist() == [
        *(b"\xff\xd8", "Ж".encode(), "Ж".encode())
    ]


def test_rows_of_objects_become_columns() -> None:
    rows = [{"a": [1, 2], "b": 3}, {"b": 4, "a": [5, 6]}]
    form, inputs = read({"instances": rows}, TWO)
    assert form is Form.ROW
    np.testing.assert_array_equal(inputs["a"], [[1, 2], [5, 6]])
    np.testing.assert_array_equal(inputs["b"], [3, 4])


def test_columns_ignore_names_that_nobody_asks_for() -> None:
    form, inputs = read({"inputs": {"a": 1, "b": [2], "c": "?"}}, TWO)
    assert form is Form.COLUMNAR
    assert {name: array.shape for name, array in inputs.items()} == {"a": (), "b": (1,)}


ELEMENT = "Failed to process element: {} of 'instances' list. Error: INVALID_ARGUMENT: "


@pytest.mark.parametrize(
    ("body", "dtypes", "message"),
    [
        (b"", FLOAT, "JSON Parse error: The document is empty"),
        (b"x", FLOAT, "JSON Parse error: Invalid value. at offset: 0"),
        (b'{"a"', FLOAT, "Missing a colon after a name of object member. at offset: 4"),
        (b'{"\xd0\x96": 1,}', FLOAT, "Missing a name for object member. at offset: 9"),
        (b"{} {}", FLOAT, "document root must not be followed by other values."),
        (b"[" * 100_000, FLOAT, "JSON Parse error: "),
        ([1], FLOAT, "JSON Value: [\n    1\n] Is not object"),
        ({}, FLOAT, "Missing 'inputs' or 'instances' key"),
        ({"instances": [1], "inputs": [1]}, FLOAT, "expecting only one of 'inputs' or"),
        ({"instances": 1}, FLOAT, "Expecting 'instances' to be an list/array"),
        ({"instances": []}, FLOAT, "No values in 'instances' array"),
        ({"instances": [1]}, TWO, "instances is a plain list, but expecting list of"),
        ({"inputs": [1]}, TWO, "inputs is a plain value/list, but expecting an object"),
        ({"inputs": {"a": 1}}, TWO, "Missing named input: b in 'inputs' object."),
        (
            {"instances": [{"a": 1, "b": 2}, 3]},
            TWO,
            "Expecting object but got list at item 1 of input list",
        ),
        (
            {"instances": [1, {"x": 2}]},
            FLOAT,
            "Expecting value/list but got object at item 1 of input list",
        ),
        (
            {"instances": [{"a": 1, "b": 2}, {"a": 1}]},
            TWO,
            "keys must be equal to: a,b",
        ),
        (
            {"instances": [{"a": 1, "c": 2}]},
            TWO,
            "JSON object: does not have named input: c",
        ),
        (
            {"instances": [[1], [2, 3]]},
            FLOAT,
            ELEMENT.format(1) + "Expecting tensor size: 1 but got: 2",
        ),
        (
            {"instances": [[[1, 2]], [[1], [2]]]},
            FLOAT,
            ELEMENT.format(1) + "Expecting shape [1,2] but got: [2,1]",
        ),
        (
            {"instances": [{"a": 1, "b": 2}, {"a": 1, "b": 2.0}]},
            TWO,
            ELEMENT.format("1 key: b") + "JSON Value: 2.0 Type: Number is not of"
            " expected type: int32",
        ),
        (
            {"inputs": [[1], [2, 3]]},
            FLOAT,
            "Encountered list at unexpected size: 2 at level: 1 expected size: 1",
        ),
        ({"inputs": [1, [2]]}, FLOAT, "list at unexpected level: 1 expected < 1"),
        ({"inputs": [[1], 2]}, FLOAT, "JSON Value: 2 found at incorrect level: 2"),
        ({"inputs": [True]}, FLOAT, "JSON Value: true Type: True is not of expected"),
        ({"inputs": [None]}, FLOAT, "JSON Value: null Type: Null is not of expected"),
        ({"inputs": [2**24]}, FLOAT, "16777216 to float without loss of precision."),
        # Rows are looked at one by one, and each from its first member on.
        (
            {"instances": [{"b": 2.5, "a": 1}, {"a": 1, "c": 2}, 3]},
            TWO,
            ELEMENT.format("0 key: b") + "JSON Value: 2.5 Type: Number",
        ),
        ({"inputs": [0.1]}, {"x": "int32"}, "JSON Value: 0.1 Type: Number"),
        ({"inputs": [1 / 3]}, {"x": "int32"}, "JSON Value: 0.333333343 Type: Number"),
        (b'{"inputs": [NaN]}', {"x": "int32"}, "JSON Value: NaN Type: Number"),
        ({"inputs": {}}, FLOAT, "Missing named input: x in 'inputs' object."),
        ({"inputs": [1e39]}, FLOAT, "1e+39 to float without loss of precision."),
        ({"inputs": [2**31]}, {"x": "uint8"}, "is not of expected type: uint8"),
        ({"inputs": [2**63]}, {"x": "int64"}, "is not of expected type: int64"),
        ({"inputs": [1]}, {"x": "bool"}, "Type: Number is not of expected type: bool"),
        ({"inputs": [1]}, {"x": "string"}, "is not of expected type: string"),
        ({"inputs": [{"b64": "YQ*="}]}, {"x": "string"}, "Unable to base64 decode"),
        ({"inputs": [{"b64": "Y"}]}, {"x": "string"}, "Unable to base64 decode"),
        ({"inputs": [{"b64": "!"}]}, {"x": "string"}, "Unable to base64 decode"),
        ({"inputs": [{"b64": "aGkx!"}]}, {"x": "string"}, "Unable to base64 decode"),
        ({"inputs": [{"b64": "YQ="}]}, {"x": "string"}, "Unable to base64 decode"),
        ({"inputs": [{"b64": "YQ==="}]}, {"x": "string"}, "Unable to base64 decode"),
        ({"inputs": [{"b64": "Y=Q="}]}, {"x": "string"}, "Unable to base64 decode"),
        ({"inputs": [{"b64": "_-_-"}]}, {"x": "string"}, "Unable to base64 decode"),
        ({"inputs": [{"b64": "YЖ=="}]}, {"x": "string"}, "Unable to base64 decode"),
        (
            {"inputs": [{"b64": "YQ==", "c": 1}]},
            {"x": "string"},
            "not formatted correctly for base64 data",
        ),
        ({"inputs": [{"b64": "YQ=="}]}, FLOAT, "Type: Object is not of expected type"),
        (b'{"inputs": "\\ud800"}', {"x": "string"}, "surrogate pair in string"),
        (b'{"inputs": ' + b"[" * 40 + b"]" * 40 + b"}", FLOAT, "at most 32 dimensions"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, str) else "",
)
def test_what_is_wrong_is_said_in_tensorflow_servings_words(
    body: Any, dtypes: dict[str, str], message: str
) -> None:
    with pytest.raises(ServingError) as raised:
        read(body, dtypes)
    assert message in raised.value.message
    assert (raised.value.code, raised.value.http_status) == (Code.INVALID_ARGUMENT, 400)


def test_types_that_json_cannot_carry_are_unimplemented_in_columns() -> None:
    with pytest.raises(ServingError, match="Conversion of JSON Value") as raised:
        read({"inputs": [1]}, {"x": "half"})
    assert (raised.value.code, raised.value.http_status) == (Code.UNIMPLEMENTED, 501)
    with pytest.raises(ServingError, match="UNIMPLEMENTED: Conversion") as raised:
        read({"instances": [1]}, {"x": "half"})
    assert raised.value.code == Code.INVALID_ARGUMENT


def test_the_signature_has_a_name_or_none() -> None:
    assert signature_name({}) == ""
    assert signature_name({"signature_name": "dense"}) == "dense"
    with pytest.raises(ServingError, match="'signature_name' key must be a string"):
        signature_name({"signature_name": 1})


def test_a_long_request_is_not_repeated_whole_in_its_error() -> None:
    with pytest.raises(ServingError) as raised:
        read({"instances": "x" * 10_000_000}, FLOAT)
    assert len(raised.value.message) < 2000


def test_base64_may_be_broken_into_lines() -> None:
    value = RNG.bytes(100)
    for text in (base64.encodebytes(value).decode(), " YQ . .\t"):
        (found,) = read_one([{"b64": text}], "string").tolist()
        assert found == (value if len(text) > 10 else b"a")
