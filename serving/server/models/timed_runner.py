"""A runner that notes how long its model takes."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from serving.server.models.servable import Runner
from serving.server.watching.metrics import Metrics

# TensorFlow Serving tells the API of the call; a signature is called by its own.
_APIS = {
    tf.saved_model.CLASSIFY_METHOD_NAME: "Classify",
    tf.saved_model.REGRESS_METHOD_NAME: "Regress",
}


class TimedRunner:
    """Runs another runner."""

    def __init__(self, runner: Runner, *, model_name: str, metrics: Metrics) -> None:
        self._runner = runner
        self._model_name = model_name
        self._metrics = metrics
        self.signatures = runner.signatures

    def run(
        self,
        signature_name: str,
        inputs: Mapping[str, np.ndarray],
        outputs: set[str],
        *,
        until: float | None = None,
    ) -> dict[str, np.ndarray]:
        """Returns the outputs by name."""
        started = time.perf_counter()
        answer = self._runner.run(signature_name, inputs, outputs, until=until)
        latency_us = (time.perf_counter() - started) * 1e6
        api = _APIS.get(self.signatures[signature_name].method_name, "Predict")
        self._metrics.observe_run(self._model_name, latency_us, api=api)
        return answer

    def close(self) -> None:
        """Frees what the version holds."""
        self._runner.close()
