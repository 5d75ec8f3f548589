from __future__ import annotations

import base64
import json
import math

import numpy as np
import pytest

from serving.server.errors import ServingError
from serving.server.rest.json_answer import format_decimals, write_answer, write_error
from serving.server.rest.json_request import Form

RNG = np.random.default_rng(11)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.0"),
        (0.2, "0.2"),
        (-3.5, "-3.5"),
        (9e6, "9e+06"),
        (3e-5, "3e-05"),
        (1 / 3, "0.333333343"),
        (16777216.0, "16777216.0"),
        (0.0, "0.0"),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
    ],
)
def test_floats_are_written_short_where_that_is_exact(value: float, text: str) -> None:
    assert format_decimals(np.array([value], np.float32)) == [text]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_number_comes_back_to_the_bit(dtype: type) -> None:
    values = (RNG.normal(size=2000) * 10.0 ** RNG.integers(-30, 30, 2000)).astype(dtype)
    read = np.array([float(text) for text in format_decimals(values)], dtype)
    np.testing.assert_array_equal(read, values)


def test_one_output_in_rows_is_laid_out_to_the_character() -> None:
    outputs = {"y": np.array([2.5, 3.0, 4.5], np.float32)}
    assert write_answer(Form.ROW, outputs).decode() == (
        '{\n    "predictions": [2.5, 3.0, 4.5\n    ]\n}'
    )


def test_several_outputs_in_rows_are_objects() -> None:
    outputs = {
        "y": np.array([[1, 2], [3, 4]], np.int32),
        "png_bytes": np.array([b"\xff", b"a"], object),
        "ok": np.array([True, False]),
    }
    assert (
        write_answer(Form.ROW, outputs).decode()
        == """{
    "predictions": [
        {
            "ok": true,
            "png_bytes": {
                "b64": "/w=="
            },
            "y": [1, 2]
        },
        {
            "ok": false,
            "png_bytes": {
                "b64": "YQ=="
            },
            "y": [3, 4]
        }
    ]
}"""
    )


def test_columns_have_every_value_on_a_line() -> None:
    outputs = {"y": np.array([[1], [2]], np.uint8)}
    assert write_answer(Form.COLUMNAR, outputs).decode() == (
        '{\n    "outputs": [\n        [\n            1\n        ],\n        [\n'
        "            2\n        ]\n    ]\n}"
    )


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("shape", [(2,), (2, 3), (1, 2, 3, 4), (0,), (2, 0, 3)])
@pytest.mark.parametrize("several", [True, False])
def test_any_json_reader_gets_the_values(
    form: Form, shape: tuple[int, ...], several: bool
) -> None:
    outputs = {"y": RNG.normal(size=shape).astype(np.float32)}
    if several:
        strings = [RNG.bytes(3) for _ in range(math.prod(shape))]
        outputs["z_bytes"] = np.array([*strings, None], object)[:-1].reshape(shape)
    document = json.loads(write_answer(form, outputs))
    if form is Form.ROW:
        rows = document["predictions"]
        columns = {
            name: [row[name] if several else row for row in rows] for name in outputs
        }
    else:
        columns = document["outputs"] if several else {"y": document["outputs"]}
    read = np.array(columns["y"], np.float32).reshape(shape)
    np.testing.assert_array_equal(read, outputs["y"])
    if several:
        expected = np.vectorize(encode, otypes=[object])(outputs["z_bytes"])
        assert columns["z_bytes"] == expected.tolist()


def encode(data: bytes) -> dict[str, str]:
    return {"b64": base64.b64encode(data).decode()}


def test_a_string_without_the_suffix_is_raw() -> None:
    outputs = {"label": np.array([b"\xff\x22", "Ж".encode()], object)}
    body = write_answer(Form.COLUMNAR, outputs)
    assert b'"\xff\\""' in body and '"Ж"'.encode() in body


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ({}, "Cannot convert empty tensor map to JSON"),
        ({"y": np.float32(1)}, "Tensor name: y has no shape information "),
        (
            {"a": np.zeros(2, np.int32), "b": np.zeros(4, np.int32)},
            "Tensor name: b has inconsistent batch size: 4 expecting: 2",
        ),
        ({"y": np.zeros(1, np.float16)}, "value for tensor type: half"),
        ({"y": np.zeros(1, np.uint16)}, "value for tensor type: uint16"),
    ],
    ids=["nothing", "scalar", "unequal", "half", "uint16"],
)
def test_what_cannot_be_rows_is_refused(outputs: dict, message: str) -> None:
    with pytest.raises(ServingError) as raised:
        write_answer(Form.ROW, {name: np.asarray(a) for name, a in outputs.items()})
    assert message in raised.value.message


def test_an_error_is_json_whatever_it_says() -> None:
    message = 'a "quote"\n\t\x00 and Ж'
    assert json.loads(write_error(message)) == {"error": message}
