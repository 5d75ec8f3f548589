"""A runner that notes how long its model takes."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np

from serving.server.models.servable import Runner
from serving.server.watching.metrics import Metrics


class TimedRunner:
    """Runs another runner."""

    def __init__(self, runner: Runner, *, model_name: str, metrics: Metrics) -> None:
        self._runner = runner
        self._model_name = model_name
        self._metrics = metrics
        self.signatures = runner.signatures

    def run(
        self, signature_name: str, inputs: Mapping[str, np.ndarray], outputs: set[str]
    ) -> dict[str, np.ndarray]:
        """Returns the outputs by name."""
        started = time.perf_counter()
        answer = self._runner.run(signature_name, inputs, outputs)
        self._metrics.observe_run(
            self._model_name, (time.perf_counter() - started) * 1e6
        )
        return answer

    def close(self) -> None:
        """Frees what the version holds."""
        self._runner.close()
