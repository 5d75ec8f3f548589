"""What a prediction asks for and gets, in JSON, from a model in this process."""

from __future__ import annotations

import base64
import copy
import json
import math
from typing import Any

import numpy as np
import pytest
from tensorflow_serving.apis import model_pb2

from serving.server.api.call import CallOptions
from serving.server.api.service import ModelService
from serving.server.rest.rest_api import RestApi
from tests.serving.server.rest.calling import PREDICT, error, post

RNG = np.random.default_rng(24)
SIGNATURE = 'Serving signature name: "s" not found in signature def'


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("x", b"", 400, "JSON Parse error: The document is empty"),
        ("x", b"{", 400, "JSON Parse error: Missing a name for object member. at"),
        ("x", b"[]", 400, "JSON Value: [] Is not object"),
        ("x", b'{"signature_name": 1}', 400, "'signature_name' key must be a string"),
        ("x", b'{"signature_name": "s"}', 404, "not found for request: Latest(x)"),
        ("m", b'{"signature_name": "s", "inputs": 1, "instances": 2}', 400, SIGNATURE),
        ("m", b'{"signature_name": "constant"}', 400, "input map for signature: const"),
        ("m", b'{"inputs": [1], "instances": 2}', 400, "expecting only one of"),
        ("m", b'{"instances": 2}', 400, "Expecting 'instances' to be an list/array"),
        ("m", b'{"instances": []}', 400, "No values in 'instances' array"),
        ("m", b'{"instances": ["a"]}', 400, "Failed to process element: 0 of 'instan"),
        ("m", b'{"input": ["a"]}', 400, "Missing 'inputs' or 'instances' key"),
    ],
)
def test_checks_come_in_tensorflow_servings_order(
    api: RestApi, path: str, body: bytes, status: int, message: str
) -> None:
    found, answer = post(api, body, f"/v1/models/{path}:predict")
    assert found == status
    assert message in answer["error"]


def test_several_inputs_go_in_rows_and_columns(api: RestApi) -> None:
    a, b = RNG.integers(-9, 9, (2, 4)).tolist()
    rows = [{"b": right, "a": left} for left, right in zip(a, b, strict=True)]
    sums, doubles = np.add(a, b).tolist(), np.multiply(b, 2).tolist()
    named = {"signature_name": "two"}
    assert post(api, named | {"instances": rows}) == (
        200,
        {"predictions": [{"s": s, "t": t} for s, t in zip(sums, doubles, strict=True)]},
    )
    columns = named | {"inputs": {"a": a, "b": b, "c": "?"}}
    assert post(api, columns) == (200, {"outputs": {"s": sums, "t": doubles}})


def test_rows_add_a_batch_dimension_and_columns_do_not(api: RestApi) -> None:
    assert post(api, {"instances": [[1, 2], [3, 4]]})[1] == {
        "predictions": [[2.5, 3.0], [3.5, 4.0]]
    }
    assert post(api, {"inputs": 3}) == (200, {"outputs": 3.5})
    assert post(api, {"inputs": {"x": [3]}}) == (200, {"outputs": [3.5]})


@pytest.mark.parametrize(
    ("signature", "message"),
    [
        ("sum", "Tensor name: y has no shape information "),
        ("unequal", "Tensor name: b has inconsistent batch size: 4 expecting: 2"),
    ],
)
def test_outputs_that_are_no_rows_are_refused(
    api: RestApi, signature: str, message: str
) -> None:
    body = {"signature_name": signature}
    assert post(api, body | {"instances": [1, 2]}) == (400, error(message))
    assert post(api, body | {"inputs": [1, 2]})[0] == 200


def test_strings_are_binary_by_the_name_of_the_output(api: RestApi) -> None:
    data = RNG.bytes(20)
    encoded = base64.b64encode(data).decode()
    body = {"signature_name": "text", "instances": [{"b64": encoded}]}
    answer = api.answer("POST", PREDICT, {}, json.dumps(body).encode())
    assert answer.status == 200
    text = answer.body.decode("utf-8", "surrogateescape")
    (row,) = json.loads(text)["predictions"]
    assert row["raw"].encode("utf-8", "surrogateescape") == data
    assert row["raw_bytes"] == {"b64": encoded}


NUMPY_TYPES = {"float": np.float32, "double": np.float64, "string": object}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("int64", [-(2**63), 2**63 - 1, 0]),
        ("uint64", [0, 2**64 - 1]),
        ("uint32", [0, 2**32 - 1]),
        ("int32", [-(2**31), 2**31 - 1]),
        ("uint8", [0, 255]),
        ("bool", [True, False]),
        ("double", [1 / 3, -1e300, 5e-324, 2**53 - 1]),
        ("float", [0.5, -3e38, 16777215]),
        ("string", ["", "Ж\u0000\n"]),
    ],
)
def test_values_come_back_exactly(api: RestApi, name: str, values: list) -> None:
    for key, result in (("instances", "predictions"), ("inputs", "outputs")):
        body = {"signature_name": f"echo_{name}", key: values}
        status, answer = post(api, body)
        assert status == 200
        kind = NUMPY_TYPES.get(name, name)
        found = np.array(answer[result], kind)
        assert found.tolist() == np.array(values, kind).tolist()


def test_what_is_no_number_comes_and_goes_as_a_bare_word(api: RestApi) -> None:
    body = b'{"inputs": [NaN, Infinity, -Infinity]}'
    answer = api.answer("POST", PREDICT, {}, body)
    assert answer.body == (
        b'{\n    "outputs": [\n        NaN,\n        Infinity,\n'
        b"        -Infinity\n    ]\n}"
    )
    assert math.isnan(json.loads(answer.body)["outputs"][0])


def test_numbers_are_short_where_that_is_exact(api: RestApi) -> None:
    body = b'{"signature_name": "third", "instances": [1, 3, 2.7e7, 0.75]}'
    answer = api.answer("POST", PREDICT, {}, body)
    assert answer.body == (
        b'{\n    "predictions": [0.333333343, 1.0, 9e+06, 0.25\n    ]\n}'
    )


@pytest.mark.parametrize("name", ["half", "bfloat16", "uint16", "complex64"])
@pytest.mark.parametrize("value", [1, [1], []])
def test_types_without_a_json_form_are_not_implemented(
    api: RestApi, name: str, value: Any
) -> None:
    words = f"to type: {name}"
    body = {"signature_name": f"echo_{name}"}
    status, answer = post(api, body | {"inputs": value})
    assert (status, words in answer["error"]) == (501, True)
    status, answer = post(api, body | {"instances": [value]})
    assert (status, words in answer["error"]) == (400, True)
    assert "UNIMPLEMENTED: Conversion of JSON Value: " in answer["error"]


def test_predict_checks_the_method_of_a_signature_where_that_is_asked_for(
    service: ModelService, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = CallOptions(checks_method_names=True)
    monkeypatch.setattr(service, "_options", options)
    body = b'{"instances": [1.0]}'
    assert RestApi(service).answer("POST", PREDICT, {}, body).status == 200
    with service.servable(model_pb2.ModelSpec(name="m")) as servable:
        signatures = servable.runner.signatures
    # A copy: protobuf 6 lets no attribute of a message be taken back.
    changed = copy.deepcopy(signatures["serving_default"])
    changed.method_name = "my/method"
    monkeypatch.setitem(signatures, "serving_default", changed)
    answer = RestApi(service).answer("POST", PREDICT, {}, body)
    assert answer.status == 500
    assert b"Expected prediction signature method_name to be one of" in answer.body
