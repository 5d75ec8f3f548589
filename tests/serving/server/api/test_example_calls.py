"""Classify, Regress and MultiInference through both fronts, by clients not ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import grpc
import numpy as np
import pytest
from tensorflow_serving.apis import (
    classification_pb2,
    inference_pb2,
    prediction_service_pb2_grpc,
    regression_pb2,
)

from serving.server.api.service import ModelService
from serving.server.models.model_manager import ModelManager
from serving.server.models.servable import Runner
from serving.server.rest.rest_api import RestApi
from serving.server.rpc.grpc_front import GrpcFront
from serving.server.settings.grpc_settings import GrpcSettings
from serving.server.watching.metrics import Metrics
from tests.serving.server.api.settled_service import settled_service
from tests.serving.server.asking import refused
from tests.serving.server.example_model import (
    CLASSIFY,
    MODEL,
    REGRESS,
    classification,
    drawn_numbers,
    example,
    inferences,
    listed,
    pairs,
    regression,
    values,
)
from tests.serving.server.running import free_ports

VERSION = 3
NUMBERS = drawn_numbers(2, seed=8)
SENT = listed(*map(example, NUMBERS), context=example(name="car"))
DIFFERENCES = (NUMBERS[:, 0] - NUMBERS[:, 1]).tolist()
PAIRS = [[("car-left", row[0]), ("car-right", row[1])] for row in NUMBERS.tolist()]
BODY = {
    "context": {"name": "car"},
    "examples": [{"x": row} for row in NUMBERS.tolist()],
}


@pytest.fixture(scope="module")
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture(scope="module")
def service(example_runner: Runner, metrics: Metrics) -> ModelService:
    manager = ModelManager(lambda _name, _path: example_runner)
    manager.aspire(MODEL, {VERSION: "somewhere"})
    manager.wait_until_available([MODEL])
    return settled_service(manager, metrics)


@pytest.fixture(scope="module")
def stub(service: ModelService) -> Iterator[Any]:
    address = f"127.0.0.1:{free_ports()[0]}"
    front = GrpcFront(service, GrpcSettings(addresses=(address,), threads=2))
    with grpc.insecure_channel(address) as channel:
        yield prediction_service_pb2_grpc.PredictionServiceStub(channel)
    front.stop(0).wait()


@pytest.fixture(scope="module")
def api(service: ModelService) -> RestApi:
    return RestApi(service)


def post(api: RestApi, path: str, body: Any) -> tuple[int, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = api.answer("POST", f"/v1/models/{path}", {}, data)
    return answer.status, json.loads(answer.body)


def test_the_stub_gets_classes_numbers_and_both(stub: Any) -> None:
    classes = stub.Classify(classification(SENT), timeout=30)
    numbers = stub.Regress(regression(SENT), timeout=30)
    both = stub.MultiInference(
        inferences(SENT, ("", CLASSIFY), ("number", REGRESS)), timeout=30
    )
    first, second = both.results
    for spec, signature in (
        (classes.model_spec, "serving_default"),
        (numbers.model_spec, "number"),
        (first.model_spec, "serving_default"),
        (second.model_spec, "number"),
    ):
        assert (spec.name, spec.version.value) == (MODEL, VERSION)
        assert spec.signature_name == signature
    assert pairs(classes.result) == pairs(first.classification_result) == PAIRS
    assert values(numbers.result) == values(second.regression_result) == DIFFERENCES


def test_rest_gets_the_same(api: RestApi) -> None:
    status, answer = post(api, f"{MODEL}:classify", BODY)
    assert (status, list(answer)) == (200, ["results"])
    scores = [[score for _, score in row] for row in answer["results"]]
    np.testing.assert_array_equal(np.array(scores, np.float32), NUMBERS)
    assert {tuple(label for label, _ in row) for row in answer["results"]} == {
        ("car-left", "car-right")
    }
    path = f"{MODEL}/versions/{VERSION}:regress"
    status, answer = post(api, path, BODY | {"signature_name": "column"})
    assert (status, list(answer)) == (200, ["results"])
    found = np.array(answer["results"], np.float32)
    np.testing.assert_array_equal(found, NUMBERS[:, 0] - NUMBERS[:, 1])


def addressed(request: Any, **fields: Any) -> Any:
    for name, value in fields.items():
        if name == "version":
            request.model_spec.version.value = value
        else:
            setattr(request.model_spec, name, value)
    return request


@pytest.mark.parametrize("method", ["Classify", "Regress"])
@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        (None, "INVALID_ARGUMENT", "Missing ModelSpec"),
        ({"name": ""}, "INVALID_ARGUMENT", "ModelSpec has no name specified."),
        (
            {"name": "m"},
            "NOT_FOUND",
            "Servable not found for request: Latest(m)",
        ),
        (
            {"version": 9},
            "NOT_FOUND",
            f"Servable not found for request: Specific({MODEL}, 9)",
        ),
        (
            {"version_label": "L"},
            "INVALID_ARGUMENT",
            "Unrecognized servable version label: L",
        ),
        (
            {"signature_name": "s"},
            "INVALID_ARGUMENT",
            "No signature was found with the name: s",
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_the_model_is_looked_for_before_anything_else(
    stub: Any, method: str, fields: dict[str, Any] | None, code: str, message: str
) -> None:
    if method == "Classify":
        request: Any = classification_pb2.ClassificationRequest()
    else:
        request = regression_pb2.RegressionRequest()
    if fields is not None:
        request = addressed(request, **({"name": MODEL} | fields))
    assert refused(getattr(stub, method), request) == (code, message)


@pytest.mark.parametrize(
    ("request_sent", "code", "message"),
    [
        # The first task names the model; without it there is none.
        (
            inference_pb2.MultiInferenceRequest(),
            "INVALID_ARGUMENT",
            "ModelSpec has no name specified.",
        ),
        (
            inferences(SENT, ("", CLASSIFY), model="m"),
            "NOT_FOUND",
            "Servable not found for request: Latest(m)",
        ),
        (
            inferences(SENT, ("", CLASSIFY), ("", REGRESS)),
            "INVALID_ARGUMENT",
            "Duplicate evaluation of signature: serving_default",
        ),
        (
            inferences(SENT, ("", "predict")),
            "UNIMPLEMENTED",
            "Unsupported signature method_name: predict",
        ),
    ],
    ids=["nothing", "model", "twice", "method"],
)
def test_multi_inference_answers_in_tensorflow_servings_words(
    stub: Any, request_sent: Any, code: str, message: str
) -> None:
    assert refused(stub.MultiInference, request_sent) == (code, message)


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        # The body is read before the model is looked for.
        ("m:classify", b"{", 400, "JSON Parse error: "),
        (
            "m:regress",
            {"signature_name": 1},
            400,
            "'signature_name' key must be a stri",
        ),
        ("m:regress", {}, 400, "key 'examples' is expected and was not found"),
        ("m:classify", BODY, 404, "Servable not found for request: Latest(m)"),
        (
            f"{MODEL}:classify",
            BODY | {"signature_name": "s"},
            400,
            "No signature was found with the name: s",
        ),
        (
            f"{MODEL}:classify",
            b'{"signature_name": "\xff", "examples": [{}]}',
            400,
            "No signature was found with the name: \N{REPLACEMENT CHARACTER}",
        ),
        (f"{MODEL}:regress", BODY, 400, "Expected one output Tensor."),
        # JSON integers become int64 features, which the model does not take.
        (
            f"{MODEL}:classify",
            {"examples": [{"x": [1, 2]}]},
            400,
            "Data types don't match. Data type: int64 but expected type: float",
        ),
        (
            f"{MODEL}:classify",
            {"examples": [{"x": [1, 2.0]}]},
            400,
            "Unexpected element type in feature: x expecting type: int64",
        ),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_wrong_rest_requests_get_tensorflow_servings_words(
    api: RestApi, path: str, body: Any, status: int, message: str
) -> None:
    found, answer = post(api, path, body)
    assert (found, message in answer["error"]) == (status, True), answer


def test_requests_and_their_examples_are_counted(
    stub: Any, api: RestApi, metrics: Metrics
) -> None:
    def counts() -> list[int]:
        lines = dict(line.rsplit(" ", 1) for line in metrics.render().splitlines())
        return [
            int(lines.get(f":tensorflow:serving:{name}", 0))
            for name in (
                'request_count{model_name="judge",status="OK"}',
                'request_count{model_name="judge",status="INVALID_ARGUMENT"}',
                'request_example_count_total{model="judge"}',
                *(
                    f'request_latency_count{{model_name="judge",API="{api}",'
                    f'entrypoint="{entrypoint}"}}'
                    for api, entrypoint in (
                        *(("Classify", "GRPC"), ("Regress", "GRPC")),
                        *(("classify", "REST"), ("regress", "REST")),
                    )
                ),
            )
        ]

    before = counts()
    stub.Classify(classification(SENT), timeout=30)
    stub.Regress(regression(SENT), timeout=30)
    refused(stub.Classify, classification(listed()))
    post(api, f"{MODEL}:classify", BODY)
    post(api, f"{MODEL}:regress", BODY | {"signature_name": "number"})
    post(api, f"{MODEL}:regress", b"{")
    # As in TensorFlow Serving, a MultiInference counts examples but no request.
    stub.MultiInference(inferences(SENT, ("", CLASSIFY)), timeout=30)
    added = [now - then for now, then in zip(counts(), before, strict=True)]
    assert added == [4, 2, 10, 1, 1, 1, 1]
