"""Tasks that may share a batch, in the order in which they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from serving.server.batching.task import Task
from serving.server.errors import Code, InvalidArgumentError, ServingError
from serving.server.settings.batching_settings import BatchingSettings

# Runs a batch and answers every task of it; raises nothing.
Process = Callable[[list[Task]], None]

_FULL = "The batch scheduling queue to which this task was submitted is full; "


@dataclass(kw_only=True)
class _Batch:
    tasks: list[Task] = field(default_factory=list)
    size: int = 0
    opened_at: float = 0.0


class BatchQueue:
    """Forms batches; has no threads and no lock: its scheduler has.

    The last batch is open, all before it wait for a thread only. `now` is always a
    time on the clock of `time.monotonic`.
    """

    def __init__(self, settings: BatchingSettings, process: Process) -> None:
        """Starts empty.

        Args:
            settings: How large and how old batches become.
            process: What a thread does with a batch of this queue.
        """
        self.process = process
        self.running = 0
        self._settings = settings
        self._timeout_s = settings.batch_timeout_micros / 1e6
        # No batch in the queue would mean no batch at all.
        self._most_batches = settings.max_enqueued_batches or 1
        self._batches = deque([_Batch()])
        self._closed = False

    def add(self, task: Task, now: float) -> list[Task]:
        """Takes a task; returns the pieces of it that will be answered.

        Raises:
            ServingError: The task is too large, or there is no room for it.
        """
        self._check_room(task)
        settings, room = self._settings, self._room()
        cut = settings.enable_large_batch_splitting and task.size > room
        pieces = task.pieces(first=room, most=settings.batch_limit) if cut else [task]
        for piece in pieces:
            if piece.size > self._room():
                self._batches.append(_Batch())
            batch = self._batches[-1]
            if not batch.tasks:
                batch.opened_at = now
            batch.tasks.append(piece)
            batch.size += piece.size
        return pieces

    def is_ready(self, now: float) -> bool:
        """Says whether a batch can be taken."""
        return not self.is_empty and self.ready_at() <= now

    def ready_at(self) -> float:
        """Says since or from when a batch can be taken; some task must wait."""
        first = self._batches[0]
        full = len(self._batches) > 1 or first.size >= self._settings.batch_limit
        if full or self._closed:
            return first.opened_at
        return first.opened_at + self._timeout_s

    def take(self) -> list[Task]:
        """Returns the tasks of the first batch, which must be ready."""
        if len(self._batches) == 1:
            self._batches.append(_Batch())
        return self._batches.popleft().tasks

    @property
    def is_empty(self) -> bool:
        """Whether no task waits."""
        return not self._batches[0].tasks

    def close(self) -> None:
        """Waits for no further tasks: what is there runs as soon as it can."""
        self._closed = True

    def _room(self) -> int:
        return self._settings.batch_limit - self._batches[-1].size

    def _check_room(self, task: Task) -> None:
        largest = self._settings.max_batch_size
        if task.size > largest:
            raise InvalidArgumentError(
                f"Task size {task.size} is larger than maximum input batch size"
                f" {largest}"
            )
        if self._settings.enable_large_batch_splitting:
            self._check_room_for_pieces(task)
        elif task.size > self._room() and len(self._batches) >= self._most_batches:
            raise ServingError(
                f"{_FULL}currently {len(self._batches)} batches enqueued and"
                f" max_enqueued_batches is {self._most_batches}",
                Code.UNAVAILABLE,
            )

    def _check_room_for_pieces(self, task: Task) -> None:
        limit = self._settings.batch_limit
        capacity = (self._most_batches - len(self._batches)) * limit + self._room()
        if task.size > capacity:
            raise ServingError(
                f"{_FULL}task size is {task.size} but scheduling capacity is only"
                f" {capacity} (num_enqueued_batches={len(self._batches)},"
                f" max_enqueued_batches={self._most_batches},"
                f" open_batch_size={self._batches[-1].size},"
                f" max_execution_batch_size={limit})",
                Code.UNAVAILABLE,
            )
