from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from serving.server.batching.scheduler import BatchScheduler
from serving.server.errors import InvalidArgumentError
from tests.serving.server.batching.batched_runs import (
    ask,
    ask_together,
    make_patient_runner,
    make_runner,
)
from tests.serving.server.batching.fake_graph import FakeGraph, signature


def test_requests_that_fill_a_batch_run_once(
    pool: ThreadPoolExecutor, scheduler: BatchScheduler
) -> None:
    graph = FakeGraph()
    runner = make_patient_runner(graph, scheduler, rows=4)

    futures = ask_together(pool, runner, [[1, 2], [3], [4]])

    answers = [future.result(60)["y"].tolist() for future in futures]
    assert answers == [[2, 4], [6], [8]]
    assert graph.sizes == [4]


def test_a_batch_that_stays_small_runs_after_its_timeout(
    scheduler: BatchScheduler,
) -> None:
    graph = FakeGraph()
    runner = make_runner(
        graph,
        scheduler,
        max_batch_size=4,
        allowed_batch_sizes=(2, 4),
        batch_timeout_micros=50_000,
    )

    started = time.monotonic()
    answer = ask(runner, 5)

    assert time.monotonic() - started >= 0.05
    assert answer["y"].tolist() == [10]
    assert graph.fed[0]["x"].tolist() == [5, 5]


def test_what_is_wrong_with_one_request_fails_its_batch_mates(
    pool: ThreadPoolExecutor, scheduler: BatchScheduler
) -> None:
    def refuse_odd(inputs: Any) -> Any:
        raise InvalidArgumentError("odd")

    runner = make_patient_runner(FakeGraph(refuse_odd), scheduler, rows=2)

    futures = ask_together(pool, runner, [[1], [2]])

    errors = [future.exception(60) for future in futures]
    assert [str(error) for error in errors] == ["INVALID_ARGUMENT: odd"] * 2
    assert errors[0] is not errors[1]


def test_requests_for_other_outputs_have_a_queue_of_their_own(
    pool: ThreadPoolExecutor, scheduler: BatchScheduler
) -> None:
    graph = FakeGraph(
        lambda inputs: {"y": inputs["x"], "z": -inputs["x"]},
        {"serving_default": signature({"x": "x:0"}, {"y": "y:0", "z": "z:0"})},
    )
    runner = make_patient_runner(graph, scheduler, rows=2)
    rows = {"x": np.ones(1)}

    futures = [
        pool.submit(runner.run, "serving_default", rows, outputs)
        for outputs in ({"y"}, {"y", "z"}, {"y"}, {"y", "z"})
    ]

    assert [sorted(future.result(60)) for future in futures] == [
        ["y"],
        ["y", "z"],
        ["y"],
        ["y", "z"],
    ]
    assert graph.sizes == [2, 2]


def test_signatures_of_the_same_tensors_share_a_queue(
    pool: ThreadPoolExecutor, scheduler: BatchScheduler
) -> None:
    def compute(inputs: Any) -> Any:
        (rows,) = inputs.values()
        return {next(iter(graph.wanted[-1])): rows + 1}

    graph = FakeGraph(
        compute,
        {
            "one": signature({"a": "x:0"}, {"b": "y:0"}),
            "two": signature({"c": "x:0"}, {"d": "y:0"}),
        },
    )
    runner = make_patient_runner(graph, scheduler, rows=2)

    one = pool.submit(runner.run, "one", {"a": np.array([1])}, {"b"})
    two = pool.submit(runner.run, "two", {"c": np.array([5])}, {"d"})

    assert one.result(60)["b"].tolist() == [2]
    assert two.result(60)["d"].tolist() == [6]
    assert graph.sizes == [2]
