"""What TensorFlow Serving's REST API promises, on a model in this process."""

from __future__ import annotations

import base64
import gzip
import json
import math
from typing import Any

import numpy as np
import pytest
from tensorflow_serving.apis import model_pb2

from serving.server.api.call import CallOptions
from serving.server.api.service import ModelService
from serving.server.errors import Code, ServingError
from serving.server.rest.answer import Answer, refuse
from serving.server.rest.rest_api import RestApi

RNG = np.random.default_rng(24)
PREDICT = "/v1/models/m:predict"


def post(
    api: RestApi, body: Any, path: str = PREDICT, **headers: str
) -> tuple[int, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    packed = {
        name.replace("_", "-").encode(): value.encode()
        for name, value in headers.items()
    }
    return read(api.answer("POST", path, packed, data))


def get(api: RestApi, path: str) -> tuple[int, Any]:
    return read(api.answer("GET", path, {}, b""))


def read(answer: Answer) -> tuple[int, Any]:
    assert answer.content_type == b"application/json"
    return answer.status, json.loads(answer.body) if answer.body else None


def error(message: str) -> dict[str, str]:
    return {"error": message}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/models/m:predict",
        "/V1/MODELS/m:predict",
        "/v1/models/m:PREDICT",
        "/v1/models/%6D:predict",
        "/v1/models/m/versions/5:predict",
        "/v1/models/m/versions/0003:predict",
        "/v1/models/m:predict?x=1&y=/v2#z",
        "http://somewhere:8501/v1/models/m:predict",
    ],
)
def test_a_model_is_found_by_every_spelling_of_its_path(
    api: RestApi, path: str
) -> None:
    values = RNG.integers(-9, 9, 3).tolist()
    status, answer = post(api, {"instances": values}, path)
    assert (status, answer) == (200, {"predictions": [v / 2 + 2 for v in values]})


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        ("GET", "/v1/models", "Missing model name in request."),
        ("GET", "/v1/models/versions/3", "Missing model name in request."),
        *(
            (method, path, f"Malformed request: {method} {path}")
            for method, path in [
                ("GET", "/v1/"),
                ("GET", "/v1/models/"),
                ("GET", "/v1/models/m/"),
                ("GET", "/v1/models/m/versions/x"),
                ("GET", "/v1/models/m/versions/3/labels/l"),
                ("GET", "/v1/models/m/other"),
                ("GET", "/v1/models/m:predict"),
                ("POST", "/v1/models/m"),
                ("POST", "/v1/models/m:predictx"),
                ("POST", "/v1/models/m:explain"),
                ("POST", "/v1/models/a/b:predict"),
                ("POST", "/v1/models/:predict"),
                ("PUT", PREDICT),
                ("DELETE", "/v1/models/m"),
                ("HEAD", "/v1/models/m"),
                ("PATCH", PREDICT),
                ("TRACE", "/v1/models/m"),
            ]
        ),
    ],
)
def test_paths_that_mean_nothing_are_bad_requests(
    api: RestApi, method: str, path: str, message: str
) -> None:
    assert read(api.answer(method, path, {}, b"")) == (400, error(message))


@pytest.mark.parametrize("path", ["/", "/v1", "/v2/models/m", "//v1/models/m", "*", ""])
def test_what_is_outside_is_not_found(api: RestApi, path: str) -> None:
    answer = api.answer("GET", path, {}, b"")
    assert (answer.status, answer.content_type) == (404, b"text/html")
    assert b"404 Not Found" in answer.body


@pytest.mark.parametrize("number", [str(2**63), "9" * 30, "1" * 10_000])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_version_too_large_for_its_type_gets_no_words(
    api: RestApi, method: str, number: str
) -> None:
    path = f"/v1/models/m/versions/{number}{':predict' if method == 'POST' else ''}"
    assert read(api.answer(method, path, {}, b"{}")) == (400, None)
    assert get(api, f"/v1/models/m/versions/{2**63 - 1}")[0] == 404


@pytest.mark.parametrize(
    ("code", "status"),
    [
        *((Code.INVALID_ARGUMENT, 400), (Code.FAILED_PRECONDITION, 400)),
        *((Code.OUT_OF_RANGE, 400), (Code.UNAUTHENTICATED, 401)),
        *((Code.PERMISSION_DENIED, 403), (Code.NOT_FOUND, 404)),
        *((Code.ALREADY_EXISTS, 409), (Code.ABORTED, 409)),
        *((Code.RESOURCE_EXHAUSTED, 429), (Code.CANCELLED, 499)),
        *((Code.UNKNOWN, 500), (Code.INTERNAL, 500), (Code.DATA_LOSS, 500)),
        *((Code.UNIMPLEMENTED, 501), (Code.UNAVAILABLE, 503)),
        (Code.DEADLINE_EXCEEDED, 504),
    ],
)
def test_every_error_has_its_status(code: Code, status: int) -> None:
    answer = refuse(ServingError("so it is", code))
    assert (answer.status, answer.body) == (
        status,
        b'{\n    "error": "so it is"\n}',
    )


def test_a_fault_of_the_server_is_an_answer_too(api: RestApi) -> None:
    class Broken:
        def counted(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("broken")

    status, answer = post(RestApi(Broken()), {})  # type: ignore[arg-type]
    assert (status, answer) == (500, error("RuntimeError: broken"))


def test_status_and_metadata_are_laid_out_as_protobuf_prints_them(
    api: RestApi,
) -> None:
    entry = (
        '  {{\n   "version": "{}",\n   "state": "AVAILABLE",\n   "status": {{\n'
        '    "error_code": "OK",\n    "error_message": ""\n   }}\n  }}'
    )
    both = entry.format(5) + ",\n" + entry.format(3)
    for path, entries in (
        ("/v1/models/m", both),
        ("/V1/Models/m?x=1", both),
        ("/v1/models/m/versions/3", entry.format(3)),
    ):
        body = api.answer("GET", path, {}, b"").body.decode()
        assert body == f'{{\n "model_version_status": [\n{entries}\n ]\n}}\n'
    status, metadata = get(api, "/v1/models/m/versions/3/metadata")
    assert status == 200
    assert metadata["model_spec"] == {
        "name": "m",
        "signature_name": "",
        "version": "3",
    }
    signatures = metadata["metadata"]["signature_def"]["signature_def"]
    assert signatures["two"]["inputs"]["b"]["dtype"] == "DT_INT32"
    assert signatures["two"]["method_name"] == "tensorflow/serving/predict"
    assert get(api, "/v1/models/m/METADATA")[1]["model_spec"]["version"] == "5"


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/v1/models/x", 404, "Could not find any versions of model x"),
        ("/v1/models/m/versions/9", 404, "Could not find version 9 of model m"),
        ("/v1/models/x/metadata", 404, "Servable not found for request: Latest(x)"),
        (
            "/v1/models/m/versions/9/metadata",
            404,
            "Servable not found for request: Specific(m, 9)",
        ),
        (
            "/v1/models/m/labels/a%20b%2Fc/metadata",
            400,
            "Unrecognized servable version label: a b/c",
        ),
    ],
)
def test_what_is_not_there_is_named(
    api: RestApi, path: str, status: int, message: str
) -> None:
    assert get(api, path) == (status, error(message))


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


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate, gzip"])
def test_a_gzip_body_is_inflated(api: RestApi, encoding: str) -> None:
    body = gzip.compress(b'{"instances": [4]}')
    assert post(api, body, content_encoding=encoding) == (200, {"predictions": [4.0]})
    assert post(api, body)[0] == 400


@pytest.mark.parametrize(
    "body",
    [b"{}", gzip.compress(b'{"instances": [4]}')[:-5], gzip.compress(b"{}")[:12]],
    ids=["plain", "no end", "half"],
)
def test_what_is_no_gzip_is_an_empty_document(api: RestApi, body: bytes) -> None:
    status, answer = post(api, body, content_encoding="gzip")
    assert status == 400
    assert answer["error"].startswith("JSON Parse error: The document is empty: the gz")


def test_a_gzip_body_does_not_grow_without_end(service: ModelService) -> None:
    limited = RestApi(service, max_body_bytes=1000)
    text = b'{"instances": [4]}'
    for size, status in ((1000, 200), (1001, 413), (10_000_000, 413)):
        body = gzip.compress(text.ljust(size))
        found, answer = post(limited, body, content_encoding="gzip")
        assert found == status
    assert answer["error"].startswith("a request must have at most 1000 bytes, unpack")


def test_the_content_type_is_not_looked_at(api: RestApi) -> None:
    for kind in ("text/plain", "image/png", ""):
        assert post(api, {"instances": [0]}, content_type=kind)[0] == 200


CORS = {
    b"access-control-allow-origin": b"*",
    b"access-control-allow-methods": b"POST, GET",
    b"access-control-allow-headers": b"Content-Type",
}


@pytest.mark.parametrize("allows", [True, False])
def test_headers_for_browsers_come_with_the_flag_only(
    service: ModelService, allows: bool
) -> None:
    api = RestApi(service, allows_other_origins=allows, metrics_path="/metrics")
    expected = CORS if allows else {}
    origin = {b"origin": b"https://shop.example"}
    for method, path, headers, status in (
        ("OPTIONS", PREDICT, origin, 200),
        ("OPTIONS", "/v1/anything", {b"origin": b"see http://x"}, 200),
        ("OPTIONS", PREDICT, {}, 400),
        ("OPTIONS", PREDICT, {b"origin": b"null"}, 400),
        ("GET", "/v1/models/m", origin, 200),
        ("GET", "/v1/models/x", {}, 404),
        ("GET", f"/v1/models/m/versions/{2**63}", {}, 400),
    ):
        answer = api.answer(method, path, headers, b"")
        assert (answer.status, dict(answer.headers)) == (status, expected)
    assert api.answer("OPTIONS", PREDICT, origin, b"").body == b""
    assert api.answer("OPTIONS", "/v2", origin, b"").status == 404
    assert api.answer("GET", "/metrics", {}, b"").headers == ()


def test_metrics_stand_at_their_path_and_nowhere_else(service: ModelService) -> None:
    where = "/monitoring/metrics"
    api = RestApi(service, metrics_path=where, render_metrics=lambda: "page\n")
    page = api.answer("GET", where, {}, b"")
    assert (page.status, page.body, page.content_type) == (
        200,
        b"page\n",
        b"text/plain",
    )
    for other in (f"{where}?x=1", f"{where}/more"):
        answer = api.answer("GET", other, {}, b"")
        words = f"Unexpected path: {other}. Should be {where}"
        assert (answer.status, answer.body.decode()) == (400, words)
        assert answer.content_type == b"text/plain"
    assert api.answer("GET", f"{where}s", {}, b"").status == 404
    assert RestApi(service).answer("GET", where, {}, b"").status == 404


def test_predict_checks_the_method_of_a_signature_where_that_is_asked_for(
    service: ModelService, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = CallOptions(checks_method_names=True)
    monkeypatch.setattr(service, "_options", options)
    body = b'{"instances": [1.0]}'
    assert RestApi(service).answer("POST", PREDICT, {}, body).status == 200
    with service.servable(model_pb2.ModelSpec(name="m")) as servable:
        signature = servable.runner.signatures["serving_default"]
    monkeypatch.setattr(signature, "method_name", "my/method")
    answer = RestApi(service).answer("POST", PREDICT, {}, body)
    assert answer.status == 500
    assert b"Expected prediction signature method_name to be one of" in answer.body
