"""Tells the request log of answered requests, whichever way they came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from tensorflow_serving.apis import model_pb2, predict_pb2

from serving.server.api.tensor_proto import write_as_field
from serving.server.models.servable import Servable
from serving.server.watching.request_log import RequestLog


class CallLog:
    """Logs a share of the requests; nothing where the server has no request log."""

    def __init__(self, log: RequestLog | None = None) -> None:
        self._log = log

    def add(self, kind: str, request: Any, response: Any) -> None:
        """Logs a request of gRPC.

        Args:
            kind: The field of PredictionLog, such as `classify_log`.
            request: The message as it came.
            response: The message of the answer, complete.
        """
        if self._log and self._log.wants():
            self._log.add(kind, request, response, _spec_of(response))

    def add_arrays(
        self,
        servable: Servable,
        signature_name: str,
        inputs: Mapping[str, np.ndarray],
        outputs: Mapping[str, np.ndarray],
    ) -> None:
        """Logs a Predict of REST as the message that gRPC would have brought."""
        if not (self._log and self._log.wants()):
            return
        spec = model_pb2.ModelSpec(name=servable.name, signature_name=signature_name)
        request = predict_pb2.PredictRequest(model_spec=spec)
        _fill(request.inputs, inputs)
        spec.version.value = servable.version
        response = predict_pb2.PredictResponse(model_spec=spec)
        _fill(response.outputs, outputs)
        self._log.add("predict_log", request, response, spec)


def _fill(tensors: Any, arrays: Mapping[str, np.ndarray]) -> None:
    for name, array in arrays.items():
        write_as_field(array, tensors[name])


def _spec_of(response: Any) -> Any:
    # Of a MultiInference: all of its results are of one model.
    results = getattr(response, "results", None)
    return results[0].model_spec if results else response.model_spec
