from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from serving.server.batching.batching_runner import BatchingRunner
from serving.server.batching.scheduler import BatchScheduler
from serving.server.errors import InvalidArgumentError, ServingError
from serving.server.settings.batching_settings import BatchingSettings
from serving.server.watching import metric_names as names
from serving.server.watching.metrics import Metrics
from tests.serving.server.batching.batched_runs import (
    ask,
    make_patient_runner,
    make_runner,
)
from tests.serving.server.batching.fake_graph import FakeGraph


def make_cutting_runner(graph: FakeGraph, scheduler: BatchScheduler) -> BatchingRunner:
    """Takes ten rows, and runs four at a time."""
    return make_runner(
        graph,
        scheduler,
        max_batch_size=10,
        max_execution_batch_size=4,
        enable_large_batch_splitting=True,
    )


def test_a_large_request_is_cut_and_put_together_again(
    scheduler: BatchScheduler,
) -> None:
    graph = FakeGraph()
    runner = make_cutting_runner(graph, scheduler)

    answer = ask(runner, *range(10))

    assert answer["y"].tolist() == [2 * number for number in range(10)]
    assert graph.sizes == [4, 4, 2]


def test_a_cut_request_fails_when_one_piece_does_and_waits_for_all(
    scheduler: BatchScheduler,
) -> None:
    def fail_first(inputs: Any) -> Any:
        if len(graph.fed) == 1:
            raise InvalidArgumentError("first piece")
        return {"y": inputs["x"]}

    graph = FakeGraph(fail_first)
    runner = make_cutting_runner(graph, scheduler)

    with pytest.raises(ServingError, match="first piece"):
        ask(runner, *range(9))

    assert graph.sizes == [4, 4, 1]


def test_a_batch_whose_clients_have_all_given_up_does_not_run(
    scheduler: BatchScheduler,
) -> None:
    graph = FakeGraph()
    runner = make_runner(
        graph, scheduler, max_batch_size=4, batch_timeout_micros=100_000
    )

    with pytest.raises(ServingError) as raised:
        ask(runner, 1, until=time.monotonic() + 0.01)

    assert str(raised.value) == (
        "RESOURCE_EXHAUSTED: Run() timeout exceeded while waiting in batching queue"
    )
    assert raised.value.http_status == 429
    assert graph.fed == []


@pytest.mark.parametrize("patient", [60.0, None], ids=["later", "never"])
def test_a_run_may_take_as_long_as_its_most_patient_client(
    pool: ThreadPoolExecutor, scheduler: BatchScheduler, patient: float | None
) -> None:
    graph = FakeGraph()
    runner = make_patient_runner(graph, scheduler, rows=2)
    now = time.monotonic()
    longest = None if patient is None else now + patient

    hasty = pool.submit(ask, runner, 1, until=now - 1)
    other = pool.submit(ask, runner, 2, until=longest)

    assert hasty.result(60)["y"].tolist() == [2]
    assert other.result(60)["y"].tolist() == [4]
    assert graph.untils == [longest]


def test_metrics_have_the_names_and_numbers_of_tensorflow_serving(
    scheduler: BatchScheduler,
) -> None:
    metrics = Metrics()
    runner = BatchingRunner(
        FakeGraph(),
        scheduler=scheduler,
        settings=BatchingSettings(max_batch_size=4, allowed_batch_sizes=(4,)),
        metrics=metrics,
    )
    ask(runner, 1, 2, 3)
    ask(runner, 1)

    page = metrics.render()

    start = ":tensorflow:serving:batching_session:"
    assert f"{start}wrapped_run_count{{}} 2\n" in page
    assert f'{start}queuing_latency_count{{thread_pool_name=""}} 2\n' in page
    assert f"{start}input_batch_size_sum{{}} 4\n" in page
    assert f"{start}processed_batch_size_sum{{}} 8\n" in page
    assert f'{start}padding_size_sum{{execution_batch_size="4"}} 4\n' in page
    assert metrics.value(names.WRAPPED_RUN_COUNT) == 2
