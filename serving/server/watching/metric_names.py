"""The metrics of the page: TensorFlow's own names, labels and buckets."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Every name is the path under which TensorFlow registers the metric in C++.
REQUEST_COUNT = "/tensorflow/serving/request_count"
REQUEST_LATENCY = "/tensorflow/serving/request_latency"
RUNTIME_LATENCY = "/tensorflow/serving/runtime_latency"
EXAMPLE_COUNTS = "/tensorflow/serving/request_example_counts"
EXAMPLE_COUNT_TOTAL = "/tensorflow/serving/request_example_count_total"
WARMUP_LATENCY = "/tensorflow/serving/model_warmup_latency"
REQUEST_LOG_COUNT = "/tensorflow/serving/request_log_count"
QUEUING_LATENCY = "/tensorflow/serving/batching_session/queuing_latency"
WRAPPED_RUN_COUNT = "/tensorflow/serving/batching_session/wrapped_run_count"
INPUT_BATCH_SIZE = "/tensorflow/serving/batching_session/input_batch_size"
PROCESSED_BATCH_SIZE = "/tensorflow/serving/batching_session/processed_batch_size"
PADDING_SIZE = "/tensorflow/serving/batching_session/padding_size"
MLMD_MAP = "/tensorflow/serving/mlmd_map"
LOAD_ATTEMPT_COUNT = "/tensorflow/cc/saved_model/load_attempt_count"
LOAD_LATENCY = "/tensorflow/cc/saved_model/load_latency"
SESSION_RUNS = "/tensorflow/core/direct_session_runs"
GRAPH_RUNS = "/tensorflow/core/graph_runs"
GRAPH_RUN_TIME = "/tensorflow/core/graph_run_time_usecs"
GRAPH_RUN_TIMES = "/tensorflow/core/graph_run_time_usecs_histogram"
GRAPH_INPUT_BYTES = "/tensorflow/core/graph_run_input_tensor_bytes"
GRAPH_OUTPUT_BYTES = "/tensorflow/core/graph_run_output_tensor_bytes"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """What the page says of a metric beside its values.

    Attributes:
        labels: Names of its labels, in the order of a value's labels.
        limits: Upper limits of a histogram's buckets without the last, which has none;
            empty for what is no histogram.
        kind: The type that Prometheus is told.
    """

    labels: tuple[str, ...] = ()
    limits: tuple[float, ...] = ()
    kind: str = "counter"


def page_name(path: str) -> str:
    """Returns a metric's name on the page, such as `:tensorflow:serving:...`."""
    return re.sub("[^A-Za-z0-9_]", ":", path)


def _histogram(*labels: str, first: float, factor: float, buckets: int) -> Metric:
    # Multiplied up as TensorFlow does, so that the limits are the same to the last bit.
    limits = [first]
    while len(limits) < buckets:
        limits.append(limits[-1] * factor)
    return Metric(labels=labels, limits=tuple(limits), kind="histogram")


def _latency_us(*labels: str) -> Metric:
    return _histogram(*labels, first=10, factor=1.8, buckets=33)


METRICS = {
    REQUEST_COUNT: Metric(labels=("model_name", "status")),
    REQUEST_LATENCY: _latency_us("model_name", "API", "entrypoint"),
    RUNTIME_LATENCY: _latency_us("model_name", "API", "runtime"),
    EXAMPLE_COUNTS: _histogram("model", first=1, factor=2, buckets=15),
    EXAMPLE_COUNT_TOTAL: Metric(labels=("model",)),
    WARMUP_LATENCY: _latency_us("model_path", "status"),
    REQUEST_LOG_COUNT: Metric(labels=("model_name", "status_code")),
    QUEUING_LATENCY: _histogram("thread_pool_name", first=100, factor=1.2, buckets=52),
    WRAPPED_RUN_COUNT: Metric(),
    INPUT_BATCH_SIZE: _histogram(first=1, factor=2, buckets=14),
    PROCESSED_BATCH_SIZE: _histogram(first=1, factor=2, buckets=14),
    PADDING_SIZE: _histogram("execution_batch_size", first=1, factor=2, buckets=14),
    MLMD_MAP: Metric(labels=("model_name", "version"), kind="gauge"),
    LOAD_ATTEMPT_COUNT: Metric(labels=("model_path", "status")),
    LOAD_LATENCY: Metric(labels=("model_path",)),
    SESSION_RUNS: Metric(),
    GRAPH_RUNS: Metric(),
    GRAPH_RUN_TIME: Metric(),
    GRAPH_RUN_TIMES: _histogram(first=1000, factor=2, buckets=20),
    GRAPH_INPUT_BYTES: _histogram(first=1, factor=4, buckets=14),
    GRAPH_OUTPUT_BYTES: _histogram(first=1, factor=4, buckets=14),
}
