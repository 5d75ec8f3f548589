from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tensorflow.core.protobuf import meta_graph_pb2

from serving.server.models.timed_runner import TimedRunner
from serving.server.watching.metrics import Metrics


class Silent:
    """A version that answers nothing."""

    def __init__(self, method_name: str) -> None:
        signature = meta_graph_pb2.SignatureDef(method_name=method_name)
        self.signatures = {"s": signature}

    def run(
        self, name: str, inputs: Any, outputs: Any, *, until: float | None = None
    ) -> dict[str, np.ndarray]:
        return {}

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("method", "api"),
    [("predict", "Predict"), ("classify", "Classify"), ("regress", "Regress")],
)
def test_the_time_of_a_run_is_told_by_its_signature_s_api(
    method: str, api: str
) -> None:
    metrics = Metrics()
    runner = TimedRunner(
        Silent(f"tensorflow/serving/{method}"), model_name="m", metrics=metrics
    )
    runner.run("s", {}, set())
    assert (
        ":tensorflow:serving:runtime_latency_count"
        f'{{model_name="m",API="{api}",runtime="TF1"}} 1\n'
    ) in metrics.render()
