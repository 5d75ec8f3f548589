"""A runner that counts the runs of its graph as TensorFlow's C++ side does."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np

from serving.server.models.servable import Runner
from serving.server.watching import metric_names as names
from serving.server.watching.metrics import Metrics


class CountedRunner:
    """Runs another runner, which has the Session.

    TensorFlow keeps these numbers itself, but lets Python read none of them. Its own
    also hold the runs of a load, two for each version.
    """

    def __init__(self, runner: Runner, *, metrics: Metrics) -> None:
        self._runner = runner
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
        count, observe = self._metrics.count, self._metrics.observe
        count(names.SESSION_RUNS)
        observe(names.GRAPH_INPUT_BYTES, (), _size(inputs))
        started = time.perf_counter()
        answer = self._runner.run(signature_name, inputs, outputs, until=until)
        time_us = (time.perf_counter() - started) * 1e6
        count(names.GRAPH_RUNS)
        count(names.GRAPH_RUN_TIME, (), int(time_us))
        observe(names.GRAPH_RUN_TIMES, (), time_us)
        observe(names.GRAPH_OUTPUT_BYTES, (), _size(answer))
        return answer

    def close(self) -> None:
        """Frees what the version holds."""
        self._runner.close()


def _size(arrays: Mapping[str, np.ndarray]) -> int:
    return sum(array.nbytes for array in arrays.values())
