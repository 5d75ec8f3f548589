from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from serving.server.batching.batching_runner import BatchingRunner
from serving.server.batching.scheduler import BatchScheduler
from serving.server.settings.batching_settings import BatchingSettings
from serving.server.watching.metrics import Metrics
from tests.serving.server.batching.fake_graph import FakeGraph

LONG_US = 600_000_000


def make_runner(
    graph: FakeGraph, scheduler: BatchScheduler, **settings: Any
) -> BatchingRunner:
    return BatchingRunner(
        graph,
        scheduler=scheduler,
        settings=BatchingSettings(**settings),
        metrics=Metrics(),
    )


def make_patient_runner(
    graph: FakeGraph, scheduler: BatchScheduler, *, rows: int
) -> BatchingRunner:
    """Runs nothing before so many rows are there."""
    return make_runner(
        graph, scheduler, max_batch_size=rows, batch_timeout_micros=LONG_US
    )


def ask(
    runner: BatchingRunner, *rows: float, until: float | None = None
) -> dict[str, np.ndarray]:
    inputs = {"x": np.array(rows, np.float32)}
    return runner.run("serving_default", inputs, {"y"}, until=until)


def ask_together(
    pool: ThreadPoolExecutor, runner: BatchingRunner, requests: Sequence[list[float]]
) -> list[Future[dict[str, np.ndarray]]]:
    return [pool.submit(ask, runner, *rows) for rows in requests]


def wait_for_rows(runner: BatchingRunner, rows: int) -> None:
    deadline = time.monotonic() + 60
    while waiting_rows(runner) < rows:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def waiting_rows(runner: BatchingRunner) -> int:
    return sum(
        batch.size
        for queue in list(runner._queues.values())
        for batch in list(queue._batches)
    )
