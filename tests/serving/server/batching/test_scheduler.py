from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from serving.server.batching.scheduler import BatchScheduler
from serving.server.errors import Code, ServingError
from tests.serving.server.batching.batched_runs import (
    ask,
    ask_together,
    make_patient_runner,
    make_runner,
    wait_for_rows,
)
from tests.serving.server.batching.fake_graph import FakeGraph


def test_what_comes_while_the_thread_is_busy_shares_the_next_batch(
    pool: ThreadPoolExecutor, scheduler: BatchScheduler
) -> None:
    graph = FakeGraph()
    graph.gate.clear()
    runner = make_runner(graph, scheduler, max_batch_size=8)
    first = pool.submit(ask, runner, 0)
    assert graph.entered.acquire(timeout=60)

    futures = ask_together(pool, runner, [[1], [2], [3]])
    wait_for_rows(runner, 3)
    graph.gate.set()

    assert first.result(60)["y"].tolist() == [0]
    assert [future.result(60)["y"].tolist() for future in futures] == [[2], [4], [6]]
    assert graph.sizes == [1, 3]


def test_a_thread_survives_whatever_a_graph_raises(scheduler: BatchScheduler) -> None:
    def fail(inputs: Any) -> Any:
        raise MemoryError("no room")

    graph = FakeGraph(fail)
    runner = make_runner(graph, scheduler)
    for _ in range(2):
        with pytest.raises(ServingError) as raised:
            ask(runner, 1)
        assert str(raised.value) == "INTERNAL: MemoryError: no room"

    graph.compute = lambda inputs: {"y": inputs["x"]}
    assert ask(runner, 1)["y"].tolist() == [1]


def test_a_full_queue_refuses_at_once(
    pool: ThreadPoolExecutor, scheduler: BatchScheduler
) -> None:
    graph = FakeGraph()
    graph.gate.clear()
    runner = make_runner(graph, scheduler, max_batch_size=1, max_enqueued_batches=1)
    running = pool.submit(ask, runner, 1)
    assert graph.entered.acquire(timeout=60)
    waiting = pool.submit(ask, runner, 2)
    wait_for_rows(runner, 1)

    with pytest.raises(ServingError) as raised:
        ask(runner, 3)
    graph.gate.set()

    assert raised.value.code is Code.UNAVAILABLE
    assert [future.result(60)["y"].tolist() for future in (running, waiting)] == [
        [2],
        [4],
    ]


def test_models_share_the_threads_in_turn(pool: ThreadPoolExecutor) -> None:
    scheduler = BatchScheduler(threads=1, name="shared")
    ran: list[str] = []
    busy, one, two = (
        FakeGraph(lambda inputs, name=name: ran.append(name) or {"y": inputs["x"]})
        for name in ("busy", "one", "two")
    )
    busy.gate.clear()
    runners = [make_runner(g, scheduler, max_batch_size=1) for g in (busy, one, two)]
    futures = [pool.submit(ask, runners[0], 0)]
    assert busy.entered.acquire(timeout=60)
    for count in (1, 2):
        futures += [pool.submit(ask, runners[1], count) for _ in range(1)]
        wait_for_rows(runners[1], count)
    futures += [pool.submit(ask, runners[2], 9)]
    wait_for_rows(runners[2], 1)
    busy.gate.set()
    for future in futures:
        future.result(60)
    scheduler.close()

    assert ran == ["busy", "one", "two", "one"]


def test_as_many_batches_run_at_a_time_as_there_are_threads(
    pool: ThreadPoolExecutor,
) -> None:
    scheduler = BatchScheduler(threads=3, name="three")
    graph = FakeGraph()
    graph.gate.clear()
    runner = make_runner(graph, scheduler, max_batch_size=1)
    futures = ask_together(pool, runner, [[1], [2], [3], [4]])
    for _ in range(3):
        assert graph.entered.acquire(timeout=60)
    wait_for_rows(runner, 1)

    assert not graph.entered.acquire(timeout=0.05)
    graph.gate.set()
    assert sorted(future.result(60)["y"][0] for future in futures) == [2, 4, 6, 8]
    scheduler.close()


def test_closing_answers_what_waits_and_closes_the_graph(
    pool: ThreadPoolExecutor, scheduler: BatchScheduler
) -> None:
    graph = FakeGraph()
    runner = make_patient_runner(graph, scheduler, rows=9)
    futures = ask_together(pool, runner, [[1], [2]])
    wait_for_rows(runner, 2)

    runner.close()

    assert graph.closed
    assert [future.result(60)["y"].tolist() for future in futures] == [[2], [4]]
    assert graph.sizes == [2]


def test_a_closed_scheduler_has_no_threads() -> None:
    scheduler = BatchScheduler(threads=3, name="ends")
    ours = [t for t in threading.enumerate() if t.name.startswith("ends_")]
    assert [thread.name for thread in ours] == ["ends_0", "ends_1", "ends_2"]

    scheduler.close()

    assert not any(thread.is_alive() for thread in ours)


def test_many_clients_at_once_all_get_their_own_rows(pool: ThreadPoolExecutor) -> None:
    scheduler = BatchScheduler(threads=2, name="many")
    graph = FakeGraph()
    runner = make_runner(
        graph,
        scheduler,
        max_batch_size=8,
        allowed_batch_sizes=(1, 2, 4, 8),
        batch_timeout_micros=500,
        max_enqueued_batches=1000,
    )
    requests = [
        np.random.default_rng(seed).random(1 + seed % 4).tolist() for seed in range(300)
    ]

    futures = ask_together(pool, runner, requests)

    for rows, future in zip(requests, futures, strict=True):
        expected = np.array(rows, np.float32) * 2
        np.testing.assert_array_equal(future.result(60)["y"], expected)
    assert set(graph.sizes) <= {1, 2, 4, 8}
    scheduler.close()
