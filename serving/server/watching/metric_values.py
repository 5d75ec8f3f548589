"""What one thread has counted, and sums of it."""

from __future__ import annotations

Labels = tuple[str, ...]
Key = tuple[str, Labels]


class Histogram:
    """How many values fell into each bucket, and their sum."""

    __slots__ = ("buckets", "total")

    def __init__(self, buckets: int) -> None:
        self.buckets = [0] * buckets
        self.total = 0.0


class Values:
    """Counters and histograms by name and labels; one thread writes, others read."""

    def __init__(self) -> None:
        self.counters: dict[Key, int] = {}
        self.histograms: dict[Key, Histogram] = {}

    def add(self, other: Values) -> None:
        """Adds what another thread has counted so far."""
        # Copied in one step of the interpreter: the other thread may add keys.
        for key, number in other.counters.copy().items():
            self.counters[key] = self.counters.get(key, 0) + number
        for key, histogram in other.histograms.copy().items():
            mine = self.histograms.get(key)
            if mine is None:
                mine = self.histograms[key] = Histogram(len(histogram.buckets))
            pairs = zip(mine.buckets, histogram.buckets, strict=True)
            mine.buckets = [left + right for left, right in pairs]
            mine.total += histogram.total
