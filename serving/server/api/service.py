"""The calls of the API on its messages, shared by gRPC and REST."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    inference_pb2,
    model_management_pb2,
    model_pb2,
    predict_pb2,
    regression_pb2,
)

from serving.server.api.call import CallOptions
from serving.server.api.call_log import CallLog
from serving.server.api.classify import classify
from serving.server.api.examples import listed_examples
from serving.server.api.model_metadata import check_fields, describe
from serving.server.api.model_status import model_status
from serving.server.api.multi_inference import multi_inference
from serving.server.api.predict import predict
from serving.server.api.regress import regress
from serving.server.api.reload import reload_config
from serving.server.errors import (
    Code,
    InvalidArgumentError,
    as_serving_error,
)
from serving.server.models.model_catalog import ModelCatalog
from serving.server.models.model_manager import ModelManager
from serving.server.models.servable import Runner, Servable
from serving.server.watching.metrics import Metrics

_EXAMPLE_CALLS: dict[str, Callable[[Runner, Any, CallOptions], Any]] = {
    "classify_log": classify,
    "regress_log": regress,
}


class ModelService:
    """Answers by what the manager holds; may be used from any thread."""

    def __init__(
        self,
        manager: ModelManager,
        *,
        catalog: ModelCatalog,
        options: CallOptions,
        metrics: Metrics,
        log: CallLog | None = None,
    ) -> None:
        self.log = log or CallLog()
        self._options = options
        self._manager = manager
        self._catalog = catalog
        self._metrics = metrics

    def options(self, until: float | None) -> CallOptions:
        """Returns what holds for a request whose client gives up at `until`."""
        return dataclasses.replace(self._options, until=until)

    def predict(
        self, request: Any, until: float | None = None
    ) -> predict_pb2.PredictResponse:
        """Runs a signature."""
        spec = _spec_of(request)
        with (
            self.counted(spec.name, api="Predict", entrypoint="GRPC"),
            self.servable(spec) as servable,
        ):
            response = predict(servable.runner, request, self.options(until))
            response.model_spec.name = servable.name
            response.model_spec.version.value = servable.version
            self.log.add("predict_log", request, response)
            return response

    def classify(
        self, request: Any, until: float | None = None
    ) -> classification_pb2.ClassificationResponse:
        """Names or scores the classes of examples."""
        with self.counted(_spec_of(request).name, api="Classify", entrypoint="GRPC"):
            return self.ask("classify_log", request, until)

    def regress(
        self, request: Any, until: float | None = None
    ) -> regression_pb2.RegressionResponse:
        """Gives a number to each example."""
        with self.counted(_spec_of(request).name, api="Regress", entrypoint="GRPC"):
            return self.ask("regress_log", request, until)

    def ask(self, kind: str, request: Any, until: float | None) -> Any:
        """Classifies or regresses examples; whoever calls this counts the request.

        Args:
            kind: As the request log names it: `classify_log` or `regress_log`.
            request: The message.
            until: When the client gives up, on the clock of `time.monotonic`.
        """
        with self.servable(_spec_of(request)) as servable:
            response = _EXAMPLE_CALLS[kind](
                servable.runner, request, self.options(until)
            )
            response.model_spec.name = servable.name
            response.model_spec.version.value = servable.version
            self._count_examples(servable, request)
            self.log.add(kind, request, response)
            return response

    def multi_inference(
        self, request: Any, until: float | None = None
    ) -> inference_pb2.MultiInferenceResponse:
        """Asks several signatures about the same examples; no request is counted."""
        first = request.tasks[0].model_spec if request.tasks else model_pb2.ModelSpec()
        with self.servable(first) as servable:
            response = multi_inference(servable.runner, request, self.options(until))
            for result in response.results:
                result.model_spec.version.value = servable.version
            self._count_examples(servable, request)
            self.log.add("multi_inference_log", request, response)
            return response

    def metadata(
        self, request: Any, _until: float | None = None
    ) -> get_model_metadata_pb2.GetModelMetadataResponse:
        """Tells the signatures of a version."""
        spec = _spec_of(request)
        check_fields(request.metadata_field)
        with self.servable(spec) as servable:
            return describe(servable)

    def status(
        self, request: Any, _until: float | None = None
    ) -> get_model_status_pb2.GetModelStatusResponse:
        """Tells the states of one version or of all."""
        return model_status(self._manager, _spec_of(request))

    def reload(
        self, request: Any, until: float | None = None
    ) -> model_management_pb2.ReloadConfigResponse:
        """Takes another configuration; returns once its new models answer."""
        return reload_config(self._catalog, self._metrics, request, until)

    def servable(self, spec: model_pb2.ModelSpec) -> AbstractContextManager[Servable]:
        """Returns a handle of the version that a request names."""
        if not spec.name:
            raise InvalidArgumentError("ModelSpec has no name specified.")
        number = spec.version.value if spec.HasField("version") else None
        if spec.HasField("version_label"):
            number = self._catalog.labels.version(spec.name, spec.version_label)
        return self._manager.handle(spec.name, number)

    def _count_examples(self, servable: Servable, request: Any) -> None:
        number = len(listed_examples(request.input))
        self._metrics.count_examples(servable.name, number)

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
