"""The methods of TensorFlow Serving's two gRPC services, over the shared calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    inference_pb2,
    model_management_pb2,
    predict_pb2,
    regression_pb2,
)

from serving.server.api.service import ModelService
from serving.server.errors import DeadlineExceededError, InvalidArgumentError
from serving.server.rpc.status import abort

_FOR_EVER_S = 1e9  # what gRPC says of a call without a deadline is above it

Call = Callable[[Any, float | None], Any]
Method = Callable[[bytes, Any], bytes]


def prediction_handler(
    service: ModelService, max_request_s: float | None
) -> grpc.GenericRpcHandler:
    """Returns the PredictionService as a gRPC server is given it."""
    calls: dict[str, tuple[Any, Call]] = {
        "Predict": (predict_pb2.PredictRequest, service.predict),
        "Classify": (classification_pb2.ClassificationRequest, service.classify),
        "Regress": (regression_pb2.RegressionRequest, service.regress),
        "MultiInference": (
            inference_pb2.MultiInferenceRequest,
            service.multi_inference,
        ),
        "GetModelMetadata": (
            get_model_metadata_pb2.GetModelMetadataRequest,
            service.metadata,
        ),
    }
    return _handler("PredictionService", calls, max_request_s)


def model_handler(
    service: ModelService, max_request_s: float | None
) -> grpc.GenericRpcHandler:
    """Returns the ModelService as a gRPC server is given it."""
    calls: dict[str, tuple[Any, Call]] = {
        "GetModelStatus": (
            get_model_status_pb2.GetModelStatusRequest,
            service.status,
        ),
        "HandleReloadConfigRequest": (
            model_management_pb2.ReloadConfigRequest,
            service.reload,
        ),
    }
    return _handler("ModelService", calls, max_request_s)


def _handler(
    name: str, calls: dict[str, tuple[Any, Call]], max_request_s: float | None
) -> grpc.GenericRpcHandler:
    return grpc.method_handlers_generic_handler(
        f"tensorflow.serving.{name}",
        {
            method: grpc.unary_unary_rpc_method_handler(
                _method(request_class, call, max_request_s)
            )
            for method, (request_class, call) in calls.items()
        },
    )


def _method(request_class: Any, call: Call, max_request_s: float | None) -> Method:
    """Wraps a call from message to message as one from bytes to bytes."""

    # Here and not in a deserializer, whose errors gRPC makes INTERNAL.
    def method(data: bytes, context: Any) -> bytes:
        try:
            until = _until(context.time_remaining(), max_request_s)
            answer: bytes = call(_parse(request_class, data), until).SerializeToString()
            return answer
        # What goes wrong with a request is its client's answer, not the server's end.
        except Exception as err:
            abort(context, err)

    return method


def _parse(request_class: Any, data: bytes) -> Any:
    request = request_class()
    try:
        read = request.MergeFromString(data)
    except DecodeError:
        read = None
    if read != len(data):  # it only warns of what stands behind a stray end of a group
        name = request_class.DESCRIPTOR.name
        raise InvalidArgumentError(f"the bytes are no {name}")
    return request


def _until(remaining_s: float, max_request_s: float | None) -> float | None:
    if remaining_s <= 0:  # it waited for a thread until nobody waited for it
        raise DeadlineExceededError("Deadline exceeded before the request was run")
    if remaining_s < _FOR_EVER_S:
        return time.monotonic() + remaining_s
    return None if max_request_s is None else time.monotonic() + max_request_s
