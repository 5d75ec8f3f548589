"""The threads that run the batches of all models."""

from __future__ import annotations

import threading
import time
from collections import deque

from serving.server.batching.batch_queue import BatchQueue
from serving.server.batching.task import Task


class BatchScheduler:
    """Takes batches from its queues in turn; may be used from any thread.

    One idle thread watches the queues, the others wait for its place, so that neither
    a task nor the end of a timeout wakes more threads than there are batches.
    """

    def __init__(self, *, threads: int, name: str) -> None:
        """Starts the threads.

        Args:
            threads: Batches that run at a time.
            name: Begins the names of the threads.
        """
        lock = threading.Lock()
        self._changed = threading.Condition(lock)  # for the thread that watches
        self._answered = threading.Condition(lock)  # for those that drain a queue
        self._watch = threading.Lock()
        self._waiting: deque[BatchQueue] = deque()
        self._hurried = False
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}_{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, queue: BatchQueue, task: Task) -> list[Task]:
        """Puts a task into a queue; returns the pieces of it that will be answered.

        Raises:
            ServingError: The queue does not take it.
        """
        with self._changed:
            now = time.monotonic()
            was_empty = queue.is_empty
            pieces = queue.add(task, now)
            if was_empty:
                self._waiting.append(queue)
            if was_empty or self._is_ready(queue, now):
                self._changed.notify()
        return pieces

    def hurry(self) -> None:
        """Waits for no timeout any more: every batch runs when a thread is free."""
        with self._changed:
            self._hurried = True
            self._changed.notify()

    def drain(self, queue: BatchQueue) -> None:
        """Waits until all tasks of a queue are answered; none may come any more."""
        with self._changed:
            queue.close()
            self._changed.notify()
            self._answered.wait_for(lambda: queue.is_empty and not queue.running)

    def close(self) -> None:
        """Ends the threads when they have done what they are at."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while self._run_one():
            pass

    def _run_one(self) -> bool:
        """Runs the next batch; returns False where none will come any more."""
        batch = self._next_batch()
        if batch is None:
            return False
        queue, tasks = batch
        queue.process(tasks)
        with self._answered:
            queue.running -= 1
            self._answered.notify_all()
        return True

    def _next_batch(self) -> tuple[BatchQueue, list[Task]] | None:
        with self._watch, self._changed:
            while not self._closed:
                if batch := self._take():
                    return batch
                self._changed.wait(self._idle_s())
        return None

    def _take(self) -> tuple[BatchQueue, list[Task]] | None:
        now = time.monotonic()
        for queue in list(self._waiting):
            self._waiting.rotate(-1)  # the next batch is another queue's
            if self._is_ready(queue, now):
                tasks = queue.take()
                queue.running += 1
                if queue.is_empty:
                    self._waiting.remove(queue)
                return queue, tasks
        return None

    def _is_ready(self, queue: BatchQueue, now: float) -> bool:
        return self._hurried or queue.is_ready(now)

    def _idle_s(self) -> float | None:
        times = [queue.ready_at() for queue in self._waiting]
        return max(min(times) - time.monotonic(), 0) if times else None
