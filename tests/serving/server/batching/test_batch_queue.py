from __future__ import annotations

import numpy as np
import pytest

from serving.server.batching.batch_queue import BatchQueue
from serving.server.batching.task import Task
from serving.server.errors import Code, ServingError
from serving.server.settings.batching_settings import BatchingSettings


def make_queue(**settings: int | bool) -> BatchQueue:
    return BatchQueue(BatchingSettings(**settings), lambda tasks: None)


def make_task(size: int) -> Task:
    return Task(inputs={"x:0": np.arange(size)}, size=size, queued_at=0)


def taken(queue: BatchQueue, now: float) -> list[int]:
    return [task.size for task in queue.take()] if queue.is_ready(now) else []


def test_a_batch_is_ready_when_its_first_task_is_old_enough() -> None:
    queue = make_queue(max_batch_size=8, batch_timeout_micros=2_000_000)
    queue.add(make_task(1), now=10.0)
    queue.add(make_task(2), now=11.5)

    assert queue.ready_at() == 12.0
    assert taken(queue, now=11.9) == []
    assert taken(queue, now=12.0) == [1, 2]
    assert queue.is_empty
    assert taken(queue, now=99.0) == []


def test_the_timeout_counts_from_the_first_task_of_each_batch() -> None:
    queue = make_queue(max_batch_size=2, batch_timeout_micros=1_000_000)
    queue.add(make_task(2), now=10.0)
    assert taken(queue, now=10.0) == [2]
    queue.add(make_task(1), now=15.0)

    assert queue.ready_at() == 16.0


def test_a_full_batch_is_ready_at_once() -> None:
    queue = make_queue(max_batch_size=3, batch_timeout_micros=10**9)
    queue.add(make_task(2), now=1.0)
    assert taken(queue, now=2.0) == []
    queue.add(make_task(1), now=2.0)

    assert taken(queue, now=2.0) == [2, 1]


def test_a_task_that_does_not_fit_closes_the_batch_before_it() -> None:
    queue = make_queue(max_batch_size=4, batch_timeout_micros=10**9)
    queue.add(make_task(3), now=1.0)
    queue.add(make_task(2), now=2.0)

    assert taken(queue, now=2.0) == [3]
    assert taken(queue, now=2.0) == []


def test_a_closed_queue_waits_for_nobody() -> None:
    queue = make_queue(max_batch_size=4, batch_timeout_micros=10**9)
    queue.add(make_task(1), now=1.0)
    queue.close()

    assert taken(queue, now=1.0) == [1]


def test_a_task_larger_than_a_batch_is_refused() -> None:
    queue = make_queue(max_batch_size=4)

    with pytest.raises(ServingError) as raised:
        queue.add(make_task(5), now=0.0)

    assert raised.value.code is Code.INVALID_ARGUMENT
    assert raised.value.message == (
        "Task size 5 is larger than maximum input batch size 4"
    )
    assert queue.is_empty


@pytest.mark.parametrize(("given", "holds"), [(0, 1), (1, 1), (2, 2)])
def test_a_full_queue_refuses_what_would_need_another_batch(
    given: int, holds: int
) -> None:
    queue = make_queue(max_batch_size=2, max_enqueued_batches=given)
    for _ in range(holds):
        queue.add(make_task(2), now=0.0)

    with pytest.raises(ServingError) as raised:
        queue.add(make_task(1), now=0.0)

    assert raised.value.http_status == 503
    assert raised.value.code is Code.UNAVAILABLE
    assert raised.value.message == (
        "The batch scheduling queue to which this task was submitted is full;"
        f" currently {holds} batches enqueued and max_enqueued_batches is {holds}"
    )
    assert taken(queue, now=0.0) == [2]


def test_a_large_task_is_cut_to_fill_the_open_batch_first() -> None:
    queue = make_queue(
        max_batch_size=20,
        max_execution_batch_size=4,
        enable_large_batch_splitting=True,
        batch_timeout_micros=10**9,
    )
    queue.add(make_task(3), now=1.0)

    pieces = queue.add(make_task(10), now=2.0)

    assert [piece.size for piece in pieces] == [1, 4, 4, 1]
    rows = np.concatenate([piece.inputs["x:0"] for piece in pieces])
    assert rows.tolist() == list(range(10))
    assert [taken(queue, now=2.0) for _ in range(4)] == [[3, 1], [4], [4], []]
    assert queue.ready_at() == 2.0 + 1000


def test_a_cut_after_a_full_batch_starts_with_a_whole_one() -> None:
    queue = make_queue(
        max_batch_size=20,
        max_execution_batch_size=4,
        enable_large_batch_splitting=True,
    )
    queue.add(make_task(4), now=1.0)

    assert [piece.size for piece in queue.add(make_task(9), now=2.0)] == [4, 4, 1]


def test_a_task_that_has_no_room_when_cut_is_refused_whole() -> None:
    queue = make_queue(
        max_batch_size=20,
        max_execution_batch_size=4,
        enable_large_batch_splitting=True,
        max_enqueued_batches=3,
    )
    queue.add(make_task(5), now=0.0)

    with pytest.raises(ServingError) as raised:
        queue.add(make_task(8), now=0.0)

    assert raised.value.code is Code.UNAVAILABLE
    assert raised.value.message == (
        "The batch scheduling queue to which this task was submitted is full; task"
        " size is 8 but scheduling capacity is only 7 (num_enqueued_batches=2,"
        " max_enqueued_batches=3, open_batch_size=1, max_execution_batch_size=4)"
    )
    assert len(queue.add(make_task(7), now=0.0)) == 2
