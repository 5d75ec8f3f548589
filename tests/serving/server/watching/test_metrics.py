from __future__ import annotations

import random
import threading

import numpy as np
import pytest

from serving.server.models.counted_runner import CountedRunner
from serving.server.watching import metric_names as names
from serving.server.watching.metrics import Metrics


def values(page: str) -> dict[str, float]:
    return {
        name: float(value)
        for name, _, value in (
            line.rpartition(" ") for line in page.splitlines() if line[0] != "#"
        )
    }


def test_requests_are_counted_by_status_from_any_thread() -> None:
    metrics = Metrics()

    def count() -> None:
        for _ in range(500):
            metrics.count_request("m", "OK")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    metrics.count_request("m", "NOT_FOUND")
    for thread in threads:
        thread.join()
    assert (
        metrics.render()
        .split("# TYPE ")[1:]
        .count(
            ":tensorflow:serving:request_count counter\n"
            ':tensorflow:serving:request_count{model_name="m",status="NOT_FOUND"} 1\n'
            ':tensorflow:serving:request_count{model_name="m",status="OK"} 2000\n'
        )
        == 1
    )


def test_ended_threads_leave_their_counts_and_nothing_else() -> None:
    metrics = Metrics()
    for number in range(60):
        thread = threading.Thread(
            target=metrics.observe_run, args=("m", number), name=f"short-{number}"
        )
        thread.start()
        thread.join()
    assert len(metrics._of_threads) == 1
    found = values(metrics.render())
    labels = 'model_name="m",API="Predict",runtime="TF1"'
    name = ":tensorflow:serving:runtime_latency"
    assert found[f"{name}_count{{{labels}}}"] == 60
    assert found[f"{name}_sum{{{labels}}}"] == sum(range(60))
    assert found[f'{name}_bucket{{{labels},le="10"}}'] == 10


def test_readers_see_no_number_shrink_while_others_count() -> None:
    metrics, over = Metrics(), threading.Event()

    def count() -> None:
        number = 0
        while not over.is_set():
            metrics.count_request(f"m{number % 97}", "OK")
            metrics.observe_run(f"m{number % 89}", number)
            number += 1

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    last = 0.0
    try:
        for _ in range(12):
            found = values(metrics.render())
            now = sum(number for name, number in found.items() if "count{" in name)
            assert now >= last
            last = now
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert last > 0


def test_latencies_fall_into_growing_buckets() -> None:
    metrics = Metrics()
    rng = random.Random(4)
    latencies = [rng.uniform(0, 1e5) for _ in range(300)]
    for latency in latencies:
        metrics.observe_request("m", "Predict", "GRPC", latency)
    page = metrics.render()
    assert "# TYPE :tensorflow:serving:request_latency histogram\n" in page
    found = values(page)
    labels = 'model_name="m",API="Predict",entrypoint="GRPC"'
    name = ":tensorflow:serving:request_latency"
    for limit, text in ((10, "10"), (18, "18"), (10 * 1.8**12, f"{10 * 1.8**12:g}")):
        below = sum(latency < limit for latency in latencies)
        assert found[f'{name}_bucket{{{labels},le="{text}"}}'] == below
    assert found[f'{name}_bucket{{{labels},le="+Inf"}}'] == 300
    assert found[f"{name}_count{{{labels}}}"] == 300
    total = found[f"{name}_sum{{{labels}}}"]
    assert abs(total - sum(latencies)) < 1e-6 * sum(latencies)
    assert sum("_bucket" in key for key in found) == 34


def test_a_value_on_a_limit_belongs_to_the_next_bucket() -> None:
    metrics = Metrics()
    metrics.observe_run("m", 10)
    found = values(metrics.render())
    labels = ':tensorflow:serving:runtime_latency_bucket{model_name="m",API="Predict"'
    assert found[f'{labels},runtime="TF1",le="10"}}'] == 0
    assert found[f'{labels},runtime="TF1",le="18"}}'] == 1


def test_labels_cannot_break_the_page() -> None:
    metrics = Metrics()
    metrics.observe_warmup('a"b\\c\nd', "OK", 5)
    page = metrics.render()
    assert 'model_path="a\\"b\\\\c\\nd",status="OK",le="10"} 1' in page


def test_every_metric_has_its_type_from_the_start_and_no_help() -> None:
    lines = Metrics().render().splitlines()
    assert lines == sorted(lines)
    types = dict(line.removeprefix("# TYPE ").split() for line in lines)
    assert len(types) == len(lines) == len(names.METRICS)
    assert {
        name: types[f":tensorflow:serving:{name}"]
        for name in (
            "request_count",
            "request_latency",
            "runtime_latency",
            "request_example_counts",
            "request_example_count_total",
            "model_warmup_latency",
            "request_log_count",
            "mlmd_map",
            "batching_session:queuing_latency",
            "batching_session:wrapped_run_count",
        )
    } == {
        "request_count": "counter",
        "request_latency": "histogram",
        "runtime_latency": "histogram",
        "request_example_counts": "histogram",
        "request_example_count_total": "counter",
        "model_warmup_latency": "histogram",
        "request_log_count": "counter",
        "mlmd_map": "gauge",
        "batching_session:queuing_latency": "histogram",
        "batching_session:wrapped_run_count": "counter",
    }
    assert types[":tensorflow:cc:saved_model:load_attempt_count"] == "counter"


def test_examples_are_counted_in_powers_of_two() -> None:
    metrics = Metrics()
    for number in (1, 3, 20_000):
        metrics.count_examples("m", number)
    page = metrics.render()
    found = values(page)
    name = ':tensorflow:serving:request_example_counts_bucket{model="m",le='
    assert [found[f'{name}"{limit}"}}'] for limit in ("1", "2", "4", "16384")] == [
        *(0, 1, 2, 2)
    ]
    assert found[f'{name}"+Inf"}}'] == 3
    assert ':tensorflow:serving:request_example_count_total{model="m"} 20004\n' in page
    assert page.count("request_example_counts_bucket") == 16


def test_a_reload_reads_the_first_labels_of_a_counter() -> None:
    metrics = Metrics()
    assert metrics.value(names.REQUEST_COUNT) == 0
    metrics.count_request("n", "OK")
    for _ in range(3):
        metrics.count_request("m", "OK")
    metrics.observe_run("m", 5)
    assert metrics.value("/tensorflow/serving/request_count") == 3
    assert metrics.value("/tensorflow/serving/runtime_latency") == 0
    assert metrics.value("/no/such/metric") == 0


class Doubles:
    """Stands in for a Session."""

    def __init__(self) -> None:
        self.signatures: dict[str, object] = {}

    def run(self, name, inputs, outputs, *, until=None):
        if name == "broken":
            raise ValueError(until)
        return {"y": np.concatenate([inputs["x"], inputs["x"]])}

    def close(self) -> None:
        pass


def test_runs_of_graphs_are_counted_with_their_bytes() -> None:
    metrics = Metrics()
    runner = CountedRunner(Doubles(), metrics=metrics)
    row = np.zeros(7, np.float32)
    assert runner.run("twice", {"x": row}, {"y"})["y"].shape == (14,)
    with pytest.raises(ValueError, match="5"):
        runner.run("broken", {"x": row}, {"y"}, until=5)
    found = values(metrics.render())
    assert found[":tensorflow:core:direct_session_runs{}"] == 2
    assert found[":tensorflow:core:graph_runs{}"] == 1
    assert found[":tensorflow:core:graph_run_time_usecs_histogram_count{}"] == 1
    assert found[":tensorflow:core:graph_run_input_tensor_bytes_sum{}"] == 56
    assert found[":tensorflow:core:graph_run_output_tensor_bytes_sum{}"] == 56
    name = ":tensorflow:core:graph_run_output_tensor_bytes_bucket"
    assert found[f'{name}{{le="16"}}'] == 0 and found[f'{name}{{le="64"}}'] == 1
