"""TF Serving's gRPC API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import grpc
import numpy.typing as npt
from google.protobuf.message import DecodeError

from serving.client.deadline import Deadline
from serving.client.errors import ServerError, error_of
from serving.client.model_state import (
    ModelMetadata,
    ModelStatus,
    read_signatures,
    read_status,
)
from serving.client.transport import (
    METADATA_FIELD,
    PREDICT_INPUT,
    PREDICT_SIGNATURE,
    ModelChoice,
)
from serving.wire.model_metadata_pb2 import (
    GetModelMetadataRequest,
    GetModelMetadataResponse,
    SignatureDefMap,
)
from serving.wire.model_spec_pb2 import ModelSpec
from serving.wire.model_status_pb2 import GetModelStatusRequest, GetModelStatusResponse
from serving.wire.predict_pb2 import PredictRequest, PredictResponse
from serving.wire.tensor_values import bytes_tensor, read_tensor

_SERVICES = "/tensorflow.serving"
_OPTIONS = [
    # The defaults end at 4 MiB, less than a photo.
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
    # A server that starts is seen at once; the default waits up to two minutes.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 1000),
    ("grpc.max_reconnect_backoff_ms", 1000),
    # As over REST: what the environment says of proxies is meant for the Internet.
    ("grpc.enable_http_proxy", 0),
]


class GrpcTransport:
    """A channel to one server; see `serving.client.transport.Transport`."""

    def __init__(self, target: str, choice: ModelChoice) -> None:
        self._spec = _model_spec(choice)
        self._channel = grpc.insecure_channel(target, _OPTIONS)
        prediction = f"{_SERVICES}.PredictionService"
        self._predict = self._method(f"{prediction}/Predict", PredictResponse)
        self._metadata = self._method(
            f"{prediction}/GetModelMetadata", GetModelMetadataResponse
        )
        self._status = self._method(
            f"{_SERVICES}.ModelService/GetModelStatus", GetModelStatusResponse
        )

    def predict(
        self, photos: Sequence[bytes], deadline: Deadline
    ) -> Mapping[str, npt.NDArray[Any]]:
        """Returns the outputs of `serving_default` by name, batch first."""
        request = PredictRequest(model_spec=self._spec)
        request.model_spec.signature_name = PREDICT_SIGNATURE
        request.inputs[PREDICT_INPUT].CopyFrom(bytes_tensor(photos))
        response = _call(self._predict, request, deadline)
        try:
            return {
                name: read_tensor(value) for name, value in response.outputs.items()
            }
        except ValueError as err:
            raise ServerError("DATA_LOSS", str(err)) from err

    def status(self, deadline: Deadline) -> ModelStatus:
        """Returns the states of the model's versions."""
        request = GetModelStatusRequest(model_spec=self._spec)
        return read_status(_call(self._status, request, deadline))

    def metadata(self, deadline: Deadline) -> ModelMetadata:
        """Returns the signatures of the version that answers."""
        request = GetModelMetadataRequest(
            model_spec=self._spec, metadata_field=[METADATA_FIELD]
        )
        response = _call(self._metadata, request, deadline)
        try:
            packed = response.metadata[METADATA_FIELD].value
            definitions = SignatureDefMap.FromString(packed)
        except DecodeError as err:
            raise ServerError("DATA_LOSS", f"{METADATA_FIELD}: {err}") from err
        return ModelMetadata(
            name=response.model_spec.name,
            version=response.model_spec.version.value,
            signatures=read_signatures(definitions),
        )

    def close(self) -> None:
        """Closes the channel."""
        self._channel.close()

    def _method(self, path: str, response: Any) -> Callable[..., Any]:
        method: Callable[..., Any] = self._channel.unary_unary(
            path,
            request_serializer=lambda request: request.SerializeToString(),
            response_deserializer=response.FromString,
        )
        return method


def _model_spec(choice: ModelChoice) -> ModelSpec:
    spec = ModelSpec(name=choice.name)
    if choice.version is not None:
        spec.version.value = choice.version
    if choice.label is not None:
        spec.version_label = choice.label
    return spec


def _call(method: Callable[..., Any], request: Any, deadline: Deadline) -> Any:
    try:
        return method(request, timeout=deadline.left_s())
    except grpc.RpcError as err:
        status = err.code().name
        if status == "DEADLINE_EXCEEDED":
            raise deadline.error() from err
        raise error_of(status, err.details() or "no reason given") from err
