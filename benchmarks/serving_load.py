"""Closed-loop clients: each waits for its answer before it asks again."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields

WARM_UP_S = 0.3
PATIENCE_S = 120

Ask = Callable[[], bytes]


@dataclass(frozen=True, kw_only=True)
class Load:
    """What clients saw while all of them asked.

    Attributes:
        rate: Answers per second, of all clients together.
        p50_ms: Half of the answers came within this time.
        p95_ms: 95 of 100 did.
        p99_ms: 99 of 100 did.
    """

    rate: float
    p50_ms: float
    p95_ms: float
    p99_ms: float

    def as_dict(self) -> dict[str, float]:
        """Returns the fields by name."""
        return asdict(self)


def median_load(loads: list[Load]) -> Load:
    """Returns the median of each number."""
    return Load(
        **{
            field.name: statistics.median(getattr(load, field.name) for load in loads)
            for field in fields(Load)
        }
    )


def run_clients(make_ask: Callable[[], Ask], clients: int, seconds: float) -> Load:
    """Asks from so many threads for so long, after a warm-up that is not counted.

    Args:
        make_ask: Gives each thread what it asks by, a connection of its own.
        clients: Threads.
        seconds: From the moment when all threads are warm.
    """
    warm = threading.Barrier(clients)

    def loop(_: int) -> tuple[list[float], float]:
        ask = make_ask()
        ask_for(ask, WARM_UP_S)
        warm.wait(PATIENCE_S)
        return ask_for(ask, seconds)

    with ThreadPoolExecutor(clients) as pool:
        results = list(pool.map(loop, range(clients)))
    took_s = [took for times, _ in results for took in times]
    return Load(
        rate=sum(len(times) / elapsed for times, elapsed in results),
        p50_ms=percentile(took_s, 50) * 1e3,
        p95_ms=percentile(took_s, 95) * 1e3,
        p99_ms=percentile(took_s, 99) * 1e3,
    )


def ask_for(ask: Ask, seconds: float) -> tuple[list[float], float]:
    """Returns the seconds of every answer, at least one, and of all together."""
    times: list[float] = []
    start = now = time.perf_counter()
    while not times or now < start + seconds:
        ask()
        previous, now = now, time.perf_counter()
        times.append(now - previous)
    return times, now - start


def percentile(values: list[float], percent: int) -> float:
    """Returns the smallest value that so many percent do not exceed.

    >>> percentile([5.0, 1.0, 3.0, 2.0], 50)
    2.0
    """
    ordered = sorted(values)
    return ordered[-(-len(ordered) * percent // 100) - 1]
