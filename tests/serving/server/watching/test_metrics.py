from __future__ import annotations

import random
import threading

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
    assert metrics.render() == (
        "# TYPE :tensorflow:serving:request_count counter\n"
        ':tensorflow:serving:request_count{model_name="m",status="NOT_FOUND"} 1\n'
        ':tensorflow:serving:request_count{model_name="m",status="OK"} 2000\n'
    )


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


def test_labels_cannot_break_the_page() -> None:
    metrics = Metrics()
    metrics.observe_warmup('a"b\\c\nd', "OK", 5)
    page = metrics.render()
    assert 'model_path="a\\"b\\\\c\\nd",status="OK",le="10"} 1' in page
