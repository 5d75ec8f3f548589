"""How requests of several clients are put together into batches."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from serving.server.errors import InvalidArgumentError


@dataclass(frozen=True, kw_only=True)
class BatchingSettings:
    """How requests are put together; TensorFlow Serving's names and defaults.

    Attributes:
        max_batch_size: Rows of the largest request, and of a batch unless split.
        batch_timeout_micros: How long a batch waits to become full.
        max_enqueued_batches: Batches that may wait for a thread, per queue.
        num_batch_threads: Batches that run at a time, all models together.
        thread_pool_name: Begins the names of these threads.
        allowed_batch_sizes: A batch is filled up to one of these; empty is any size.
        pad_variable_length_inputs: Whether shorter tensors grow to the longest one.
        enable_large_batch_splitting: Whether a request may be cut to fit into batches.
        max_execution_batch_size: Rows of a batch where requests may be cut.
    """

    max_batch_size: int = 1000
    batch_timeout_micros: int = 0
    max_enqueued_batches: int = 10
    num_batch_threads: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    thread_pool_name: str = "batch_threads"
    allowed_batch_sizes: tuple[int, ...] = ()
    pad_variable_length_inputs: bool = False
    enable_large_batch_splitting: bool = False
    max_execution_batch_size: int = 1000

    @property
    def batch_limit(self) -> int:
        """Rows of a full batch."""
        if self.enable_large_batch_splitting:
            return self.max_execution_batch_size
        return self.max_batch_size

    def check_queue(self) -> None:
        """Passes where a model can be served this way.

        Raises:
            InvalidArgumentError: TensorFlow Serving would not load it.
        """
        sizes, largest = self.allowed_batch_sizes, self.max_batch_size
        if sizes and sizes[-1] != largest:
            raise InvalidArgumentError(
                "Last entry in allowed_batch_sizes must match max_batch_size; last"
                f" entry was {sizes[-1]}; expected {largest}"
            )
        if largest == 0:
            raise InvalidArgumentError("input_batch_size_limit must be positive; was 0")
        if self.batch_timeout_micros < 0:
            raise InvalidArgumentError(
                "batch_timeout_micros must be non-negative; was"
                f" {self.batch_timeout_micros}"
            )
        if self.enable_large_batch_splitting:
            self._check_splitting()

    def _check_splitting(self) -> None:
        if self.max_enqueued_batches == 0:
            raise InvalidArgumentError("max_enqueued_batches must be positive; was 0")
        if self.max_batch_size < self.max_execution_batch_size:
            raise InvalidArgumentError(
                "When enable_large_batch_splitting is true, input_batch_size_limit must"
                " be greater than or equal to max_execution_batch_size."
            )
