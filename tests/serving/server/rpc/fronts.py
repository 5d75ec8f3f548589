"""A gRPC front in this process, and raw calls to it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import grpc
from tensorflow_serving.apis import predict_pb2

from serving.server.rpc.grpc_front import GrpcFront
from serving.server.settings.grpc_settings import GrpcSettings
from tests.serving.server.running import free_ports

PREDICT = "/tensorflow.serving.PredictionService/Predict"


def answering_with(call: Callable[[Any, float | None], Any]) -> Any:
    """Stands for a ModelService whose every method is `call`."""
    names = "predict classify regress multi_inference metadata status reload"
    return SimpleNamespace(**dict.fromkeys(names.split(), call))


@contextlib.contextmanager
def open_front(service: Any, **settings: Any) -> Iterator[tuple[GrpcFront, str]]:
    """Yields the front and its address."""
    address = f"127.0.0.1:{free_ports()[0]}"
    front = GrpcFront(service, GrpcSettings(addresses=(address,), **settings))
    try:
        yield front, address
    finally:
        front.stop(0).wait()


def raw_call(channel: grpc.Channel, method: str = PREDICT) -> Any:
    """Returns a call from bytes to bytes."""
    return channel.unary_unary(method)


def named(name: str) -> bytes:
    request = predict_pb2.PredictRequest()
    request.model_spec.name = name
    return request.SerializeToString()


def answer(text: str) -> predict_pb2.PredictResponse:
    response = predict_pb2.PredictResponse()
    response.model_spec.name = text
    return response


def seconds_left(until: float | None) -> float:
    assert until is not None
    return until - time.monotonic()
