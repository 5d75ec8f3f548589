"""The photos of a run in their order, cut into chunks, in a file that workers read.

A worker is handed a place in the file, not the names: what Beam holds stays small
however many photos there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class ChunkPlace:
    """Where a chunk stands.

    Attributes:
        index: Of the chunk, from 0 on.
        offset: Byte of the plan at which it begins.
        photos: How many it has.
    """

    index: int
    offset: int
    photos: int


def write_plan(
    file: Path, names: Iterable[str], *, chunk_size: int
) -> list[ChunkPlace]:
    """Writes one line per chunk; holds no more than a chunk of names.

    Args:
        file: Is overwritten.
        names: Of the photos, in the order of the results.
        chunk_size: Photos of a chunk; the last one may have fewer.
    """
    if chunk_size < 1:
        raise ValueError(f"a chunk must have 1 photo or more, got {chunk_size}")
    places: list[ChunkPlace] = []
    with file.open("wb") as plan:
        for chunk in _chunks(names, chunk_size):
            places.append(
                ChunkPlace(index=len(places), offset=plan.tell(), photos=len(chunk))
            )
            # Pure ASCII: names that are no valid UTF-8 come back as they were.
            plan.write(json.dumps(chunk).encode("ascii") + b"\n")
    return places


def read_chunk(file: Path, place: ChunkPlace) -> tuple[str, ...]:
    """Returns the names of a chunk's photos."""
    with file.open("rb") as plan:
        plan.seek(place.offset)
        return tuple(json.loads(plan.readline()))


def _chunks(names: Iterable[str], size: int) -> Iterator[Sequence[str]]:
    rest = iter(names)
    while chunk := list(islice(rest, size)):
        yield chunk
