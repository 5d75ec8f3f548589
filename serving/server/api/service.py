"""The three calls of the API on its messages, shared by gRPC and REST."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_pb2,
    predict_pb2,
)

from serving.server.api.predict import Limits, predict
from serving.server.errors import (
    Code,
    InvalidArgumentError,
    NotFoundError,
    as_serving_error,
)
from serving.server.models.model_manager import ModelManager
from serving.server.models.servable import Servable
from serving.server.watching.metrics import Metrics

_SIGNATURES = "signature_def"


class ModelService:
    """Answers by what the manager holds; may be used from any thread."""

    def __init__(
        self, manager: ModelManager, *, limits: Limits, metrics: Metrics
    ) -> None:
        self.limits = limits
        self._manager = manager
        self._metrics = metrics

    def predict(self, request: Any) -> predict_pb2.PredictResponse:
        """Runs a signature."""
        spec = _spec_of(request)
        with (
            self.counted(spec.name, api="Predict", entrypoint="GRPC"),
            self.servable(spec) as servable,
        ):
            response = predict(servable.runner, request, self.limits)
            response.model_spec.name = servable.name
            response.model_spec.version.value = servable.version
            return response

    def metadata(self, request: Any) -> get_model_metadata_pb2.GetModelMetadataResponse:
        """Tells the signatures of a version."""
        spec = _spec_of(request)
        if not request.metadata_field:
            raise InvalidArgumentError(
                "GetModelMetadataRequest must specify at least one metadata_field"
            )
        for field in request.metadata_field:
            if field != _SIGNATURES:
                raise InvalidArgumentError(f"Metadata field {field} is not supported")
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        with self.servable(spec) as servable:
            response.model_spec.name = servable.name
            response.model_spec.version.value = servable.version
            signatures = get_model_metadata_pb2.SignatureDefMap(
                signature_def=servable.runner.signatures
            )
        response.metadata[_SIGNATURES].Pack(signatures)
        return response

    def status(self, request: Any) -> get_model_status_pb2.GetModelStatusResponse:
        """Tells the states of one version or of all."""
        spec = _spec_of(request)
        statuses = self._manager.statuses(spec.name)
        if spec.HasField("version"):
            number = spec.version.value
            statuses = [item for item in statuses if item.version == number]
            if not statuses:
                raise NotFoundError(
                    f"Could not find version {number} of model {spec.name}"
                )
        if not statuses:
            raise NotFoundError(f"Could not find any versions of model {spec.name}")
        response = get_model_status_pb2.GetModelStatusResponse()
        for item in statuses:
            entry = response.model_version_status.add(
                version=item.version, state=int(item.state)
            )
            entry.status.error_code = item.error.code if item.error else Code.OK
            entry.status.error_message = item.error.message if item.error else ""
        return response

    def servable(self, spec: model_pb2.ModelSpec) -> AbstractContextManager[Servable]:
        """Returns a handle of the version that a request names."""
        if not spec.name:
            raise InvalidArgumentError("ModelSpec has no name specified.")
        if spec.version_label:
            raise InvalidArgumentError(
                f"Unrecognized servable version label: {spec.version_label}"
            )
        number = spec.version.value if spec.HasField("version") else None
        return self._manager.handle(spec.name, number)

    @contextlib.contextmanager
    def counted(self, model_name: str, *, api: str, entrypoint: str) -> Iterator[None]:
        """Counts what happens inside as a request to a model."""
        started = time.perf_counter()
        code = Code.OK
        try:
            yield
        except Exception as err:
            code = as_serving_error(err).code
            raise
        finally:
            # A name that no model has would be a label per wrong request.
            if self._manager.knows(model_name):
                self._metrics.count_request(model_name, code.name)
                if code is Code.OK:
                    latency_us = (time.perf_counter() - started) * 1e6
                    self._metrics.observe_request(
                        model_name, api, entrypoint, latency_us
                    )


def _spec_of(request: Any) -> model_pb2.ModelSpec:
    if not request.HasField("model_spec"):
        raise InvalidArgumentError("Missing ModelSpec")
    return request.model_spec
