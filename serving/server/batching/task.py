"""A request, or a piece of one, that waits to be run together with others."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np

Tensors = Mapping[str, np.ndarray]


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """Rows for a graph.

    Attributes:
        inputs: Name of each tensor in the graph to its rows.
        size: How many rows every input has.
        queued_at: When it came, on the clock of `time.monotonic`.
        until: When its client gives up, on the same clock; None is never.
        answer: Gets the output tensors of these rows, or a ServingError.
    """

    inputs: Tensors
    size: int
    queued_at: float
    until: float | None = None
    answer: Future[dict[str, np.ndarray]] = field(default_factory=Future)

    def pieces(self, *, first: int, most: int) -> list[Task]:
        """Cuts the rows: `first` rows, then `most` at a time, then what is left."""
        starts = [0, *range(first or most, self.size, most)]
        ends = [*starts[1:], self.size]
        return [
            Task(
                inputs={name: rows[start:end] for name, rows in self.inputs.items()},
                size=end - start,
                queued_at=self.queued_at,
                until=self.until,
            )
            for start, end in zip(starts, ends, strict=True)
        ]
