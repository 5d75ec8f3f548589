"""Calls a server over gRPC with the stubs that everybody has."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from types import TracebackType

import grpc
import tensorflow as tf
from tensorflow.core.protobuf import meta_graph_pb2
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from components.serving_validator.call_error import CallError
from components.serving_validator.signature_names import INPUT, OUTPUT, SIGNATURE

# Scores of a batch are larger than gRPC's default of 4 MiB; and no proxy of the
# environment is asked for a server on this machine.
_OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.enable_http_proxy", 0),
)
_AVAILABLE = get_model_status_pb2.ModelVersionStatus.AVAILABLE
Signatures = dict[str, meta_graph_pb2.SignatureDef]


class GrpcClient:
    """A connection to one model.

    Attributes:
        protocol: For messages.
        bad_photo_code: What a file that is no picture must give.
    """

    protocol = "gRPC"
    bad_photo_code = "INVALID_ARGUMENT"

    def __init__(self, address: str, model_name: str, timeout_s: float) -> None:
        self._model_name = model_name
        self._timeout_s = timeout_s
        self._channel = grpc.insecure_channel(address, options=_OPTIONS)
        self._predict = prediction_service_pb2_grpc.PredictionServiceStub(self._channel)
        self._models = model_service_pb2_grpc.ModelServiceStub(self._channel)

    def __enter__(self) -> GrpcClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._channel.close()

    def is_available(self) -> bool:
        """Tells whether a version of the model is ready."""
        request = get_model_status_pb2.GetModelStatusRequest(model_spec=self._spec())
        with _as_call_error():
            status = self._models.GetModelStatus(request, timeout=self._timeout_s)
        return any(
            version.state == _AVAILABLE for version in status.model_version_status
        )

    def signatures(self) -> Signatures:
        """Returns what can be called, by name."""
        request = get_model_metadata_pb2.GetModelMetadataRequest(
            model_spec=self._spec(), metadata_field=["signature_def"]
        )
        with _as_call_error():
            answer = self._predict.GetModelMetadata(request, timeout=self._timeout_s)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        answer.metadata["signature_def"].Unpack(signatures)
        return dict(signatures.signature_def)

    def predict(
        self, request: predict_pb2.PredictRequest
    ) -> predict_pb2.PredictResponse:
        """Sends a request to the model, whatever model it names."""
        addressed = predict_pb2.PredictRequest()
        addressed.CopyFrom(request)
        addressed.model_spec.name = self._model_name
        with _as_call_error():
            return self._predict.Predict(addressed, timeout=self._timeout_s)

    def masks(self, photos: Sequence[bytes]) -> list[bytes]:
        """Returns the PNG of each photo's mask, asked in one request."""
        request = predict_pb2.PredictRequest(
            model_spec=model_pb2.ModelSpec(signature_name=SIGNATURE),
            inputs={INPUT: tf.make_tensor_proto(list(photos), tf.string)},
        )
        answer = self.predict(request)
        return tf.make_ndarray(answer.outputs[OUTPUT]).tolist()

    def _spec(self) -> model_pb2.ModelSpec:
        return model_pb2.ModelSpec(name=self._model_name)


@contextlib.contextmanager
def _as_call_error() -> Iterator[None]:
    try:
        yield
    except grpc.RpcError as err:
        raise CallError(err.code().name, err.details() or "") from err
