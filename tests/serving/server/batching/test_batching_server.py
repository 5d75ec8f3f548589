"""Batches over the wire: they wait until they are full, far longer than a test."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from tests.serving.server.asking import METRICS_PATH, ask, refused
from tests.serving.server.running import RunningServer, running_server

START = "/v1/models/batched"


def export_halves(folder: Path) -> None:
    v1 = tf.compat.v1
    with v1.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, name="x")
        outputs = {"serving_default": x / 2, "mean": tf.reduce_mean(x)}
        builder = v1.saved_model.Builder(str(folder))
        builder.add_meta_graph_and_variables(
            session,
            [tf.saved_model.SERVING],
            signature_def_map={
                name: v1.saved_model.predict_signature_def({"x": x}, {"y": y})
                for name, y in outputs.items()
            },
        )
        builder.save()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("batching")
    export_halves(folder / "models/1")
    parameters, monitoring = folder / "batching.config", folder / "monitoring.config"
    parameters.write_text(
        "max_batch_size { value: 4 } batch_timeout_micros { value: 600000000 }"
    )
    monitoring.write_text("prometheus_config { enable: true }")
    with running_server(
        *("--model_name=batched", f"--model_base_path={folder}/models"),
        *("--enable_batching", f"--batching_parameters_file={parameters}"),
        f"--monitoring_config_file={monitoring}",
        folder=folder,
    ) as running:
        running.wait_until_open()
        yield running


@pytest.fixture(scope="module")
def stub(server: RunningServer) -> Iterator[Any]:
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield prediction_service_pb2_grpc.PredictionServiceStub(channel)


def make_request(array: Any, signature: str = "") -> predict_pb2.PredictRequest:
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "batched"
    request.model_spec.signature_name = signature
    request.inputs["x"].CopyFrom(tf.make_tensor_proto(np.array(array, np.float32)))
    return request


def halves(stub: Any, rows: list[float]) -> list[float]:
    response = stub.Predict(make_request(rows), timeout=60)
    return tf.make_ndarray(response.outputs["y"]).tolist()


def number_of(server: RunningServer, metric: str) -> int:
    _, page = ask(server, METRICS_PATH)
    name = f":tensorflow:serving:batching_session:{metric}"
    found = re.search(rf"^{name}{{}} (\d+)$", page, re.MULTILINE)
    return int(found[1]) if found else 0


def test_grpc_and_rest_requests_share_a_batch(server: RunningServer, stub: Any) -> None:
    before = number_of(server, "wrapped_run_count")
    with ThreadPoolExecutor(3) as pool:
        over_grpc = pool.submit(halves, stub, [1, 3])
        over_rest = [
            pool.submit(ask, server, f"{START}:predict", {"instances": [number]})
            for number in (5.0, 7.0)
        ]

    assert over_grpc.result() == [0.5, 1.5]
    assert [future.result() for future in over_rest] == [
        (200, {"predictions": [2.5]}),
        (200, {"predictions": [3.5]}),
    ]
    assert number_of(server, "wrapped_run_count") == before + 1


def test_a_request_larger_than_a_batch_is_refused(
    server: RunningServer, stub: Any
) -> None:
    words = "Task size 5 is larger than maximum input batch size 4"

    assert refused(stub.Predict, make_request(range(5))) == ("INVALID_ARGUMENT", words)
    body = {"instances": [1.0] * 5}
    assert ask(server, f"{START}:predict", body) == (400, {"error": words})


def test_a_scalar_cannot_be_batched(server: RunningServer, stub: Any) -> None:
    words = "Batching Run() input tensors must have at least one dimension"

    assert refused(stub.Predict, make_request(3)) == ("INVALID_ARGUMENT", words)
    assert ask(server, f"{START}:predict", {"inputs": 3.0}) == (400, {"error": words})


def test_different_shapes_fail_all_of_the_batch(
    server: RunningServer, stub: Any
) -> None:
    with ThreadPoolExecutor(2) as pool:
        errors = list(
            pool.map(
                lambda columns: refused(
                    stub.Predict, make_request(np.ones((2, columns)))
                ),
                (3, 4),
            )
        )

    assert errors[0] == errors[1]
    code, words = errors[0]
    assert code == "FAILED_PRECONDITION"
    assert words.startswith("Tensors with name 'x:0' from different tasks have")


def test_an_output_without_rows_cannot_be_taken_apart(stub: Any) -> None:
    request = make_request([1, 2, 3, 4], "mean")

    assert refused(stub.Predict, request) == (
        "FAILED_PRECONDITION",
        "Batched output tensor has 0 dimensions",
    )


def test_a_stopping_server_does_not_wait_for_a_full_batch(
    server: RunningServer, stub: Any
) -> None:
    with ThreadPoolExecutor(1) as pool:
        before = number_of(server, "input_batch_size_count")
        waiting = pool.submit(halves, stub, [9])
        while number_of(server, "input_batch_size_count") == before:
            assert not waiting.done()
            time.sleep(0.01)
        assert server.stop() == 0

    assert waiting.result() == [4.5]
