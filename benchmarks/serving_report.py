"""What was measured of one model, as a table and against the bars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.serving_load import Load
from benchmarks.serving_models import DRAWN, UNET

LIMIT, OURS = "threads", ("gRPC", "REST")
PEER_WAYS = {
    "gRPC": ("KServe gRPC", "PyTriton gRPC"),
    "REST": ("KServe REST", "PyTriton HTTP"),
}
BAR_CLIENTS = 4
MIN_SHARES = {UNET: 0.95, DRAWN: 0.7}
MAX_LATE = {UNET: 1.3}
MIN_OF_PEERS = 1.5
MAX_ANSWER_BYTES = 300_000

Loads = Mapping[tuple[str, int], Load]


def print_table(title: str, loads: Loads) -> None:
    """Prints each way at each number of clients, with its shares of the limit."""
    print(f"\n{title}; in brackets: against threads in one process\n")
    print(f"{'clients':<9}{'way':<15}{'photos/s':>9}{'':7}", end="")
    print(f"{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}")
    for (way, clients), load in loads.items():
        share, late = against_limit(loads, way, clients)
        print(
            f"{clients:<9}{way:<15}{load.rate:>9.1f} ({share:.2f})"
            f"{load.p50_ms:>10.2f}{load.p95_ms:>10.2f}{load.p99_ms:>10.2f} ({late:.2f})"
        )


def print_bars(title: str, loads: Loads) -> None:
    """Prints what the numbers at `BAR_CLIENTS` are and should be."""
    if (LIMIT, BAR_CLIENTS) not in loads:
        return
    print()
    for way in OURS:
        for words in [*limit_bars(title, loads, way), *peer_bars(loads, way)]:
            print(f"{way}, {BAR_CLIENTS} clients: {words}")


def limit_bars(title: str, loads: Loads, way: str) -> Iterator[str]:
    """Yields how far a way of ours is from the limit, where there is a bar."""
    share, late = against_limit(loads, way, BAR_CLIENTS)
    if title in MIN_SHARES:
        yield f"{share:.2f} of threads' photos/s, at least {MIN_SHARES[title]} wanted"
    if title in MAX_LATE:
        yield f"{late:.2f} times threads' p99, at most {MAX_LATE[title]} wanted"


def peer_bars(loads: Loads, way: str) -> Iterator[str]:
    """Yields how many times faster than each peer that was measured."""
    ours = loads[way, BAR_CLIENTS].rate
    for peer in PEER_WAYS[way]:
        if (theirs := loads.get((peer, BAR_CLIENTS))) is not None:
            times = ours / theirs.rate
            yield f"{times:.2f} times {peer}, at least {MIN_OF_PEERS} wanted"


def against_limit(loads: Loads, way: str, clients: int) -> tuple[float, float]:
    """Returns the quotients to the limit, of photos/s and of p99."""
    load, limit = loads[way, clients], loads[LIMIT, clients]
    return load.rate / limit.rate, load.p99_ms / limit.p99_ms


def print_answers(sizes: Mapping[str, int]) -> None:
    """Prints how large the answers to a photo of 12 megapixels are."""
    for way, size in sizes.items():
        words = "below" if size < MAX_ANSWER_BYTES else "NOT below"
        print(f"answer to 12 MP over {way}: {size} bytes, {words} {MAX_ANSWER_BYTES}")


def as_json(title: str, loads: Loads, sizes: Mapping[str, int]) -> dict[str, Any]:
    """Returns the same numbers."""
    return {
        "model": title,
        "loads": [
            {"way": way, "clients": clients, **load.as_dict()}
            for (way, clients), load in loads.items()
        ],
        "answer_bytes": dict(sizes),
    }
