"""The gRPC side: TensorFlow Serving's own services over the shared calls."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import grpc
from tensorflow_serving.apis import (
    model_service_pb2_grpc,
    prediction_service_pb2_grpc,
)

from serving.server.api.service import ModelService
from serving.server.errors import (
    Code,
    DeadlineExceededError,
    UnimplementedError,
    as_serving_error,
)

_LOG = logging.getLogger(__name__)
_MAX_MESSAGE = 1024  # characters of a status; see grpc_status_util.cc
_CODES = {code.value[0]: code for code in grpc.StatusCode}
_OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    # Else a second server would take half of the requests of the first one's port.
    ("grpc.so_reuseport", 0),
)

Response = TypeVar("Response")


def start_grpc(
    service: ModelService, *, addresses: Sequence[str], threads: int
) -> grpc.Server:
    """Opens the addresses, such as `127.0.0.1:8500` or `unix:/run/carseg.sock`.

    Raises:
        OSError: An address cannot be had.
    """
    server = grpc.server(ThreadPoolExecutor(threads, "grpc"), options=_OPTIONS)
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
        _PredictionService(service), server
    )
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(
        _ModelService(service), server
    )
    for address in addresses:
        try:
            bound = server.add_insecure_port(address)
        except RuntimeError as err:
            raise OSError(f"cannot listen for gRPC on {address}: {err}") from err
        if not bound and not address.startswith("unix:"):
            raise OSError(f"cannot listen for gRPC on {address}")
    server.start()
    return server


def _answer(context: Any, call: Callable[[Any], Response], request: Any) -> Response:
    try:
        remaining_s = context.time_remaining()
        if remaining_s is not None and remaining_s <= 0:  # it waited for a thread
            raise DeadlineExceededError("Deadline exceeded before the request was run")
        return call(request)
    # Whatever goes wrong with a request is its client's answer, not the server's end.
    except Exception as err:
        error = as_serving_error(err)
    if error.code is Code.INTERNAL:
        _LOG.error("a request failed: %s", error, exc_info=error.__cause__)
    message = error.message
    if len(message) > _MAX_MESSAGE:
        message = f"{message[:_MAX_MESSAGE]}...TRUNCATED"
    context.abort(_CODES[int(error.code)], message)
    raise AssertionError("abort raises")


def _refuse(name: str) -> Any:
    """Returns a method that says that it is not there."""

    def method(_service: Any, request: Any, context: Any) -> Any:
        error = UnimplementedError(
            f"{name} is not supported yet by this server; use Predict, or the"
            " tensorflow/serving image"
        )
        return _answer(context, _raiser(error), request)

    return method


def _raiser(error: Exception) -> Callable[[Any], Any]:
    def call(_request: Any) -> Any:
        raise error

    return call


class _PredictionService(prediction_service_pb2_grpc.PredictionServiceServicer):
    def __init__(self, service: ModelService) -> None:
        self._service = service

    def Predict(self, request: Any, context: Any) -> Any:
        return _answer(context, self._service.predict, request)

    def GetModelMetadata(self, request: Any, context: Any) -> Any:
        return _answer(context, self._service.metadata, request)

    Classify = _refuse("Classify")
    Regress = _refuse("Regress")
    MultiInference = _refuse("MultiInference")


class _ModelService(model_service_pb2_grpc.ModelServiceServicer):
    def __init__(self, service: ModelService) -> None:
        self._service = service

    def GetModelStatus(self, request: Any, context: Any) -> Any:
        return _answer(context, self._service.status, request)

    HandleReloadConfigRequest = _refuse("HandleReloadConfigRequest")
