"""How many groups a number stands on, counted in constant memory.

Only the smallest hashes of the groups are kept. As long as there are few groups that is
all of them and the count is exact; beyond, their spacing tells how many there must be
(Bar-Yossef et al., 2002, "Counting distinct elements in a data stream").
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

KEPT = 512

Hashes = npt.NDArray[np.uint64]  # sorted, distinct

_RANGE = 2.0**64


def hash_of(group_id: bytes) -> int:
    """Returns 64 bits that spread evenly."""
    return int.from_bytes(hashlib.sha256(group_id).digest()[:8], "big")


@dataclass
class GroupCounts:
    """Groups seen at each of several places, as the whole and every class.

    Attributes:
        places: Number of places.
        kept: The smallest hashes of each place.
    """

    places: int
    kept: list[Hashes] = field(init=False)

    def __post_init__(self) -> None:
        self.kept = [np.zeros(0, np.uint64) for _ in range(self.places)]

    def add(self, group_id: bytes, present: npt.NDArray[np.bool_]) -> None:
        """Takes a group in at the places where it is present, [places]."""
        new = np.array([hash_of(group_id)], np.uint64)
        for place in np.flatnonzero(present):
            self.kept[place] = _smallest(self.kept[place], new)

    @classmethod
    def merge(cls, parts: Iterable[GroupCounts], places: int) -> GroupCounts:
        """Joins counts; the order does not matter."""
        merged = cls(places)
        for part in parts:
            merged.kept = [
                _smallest(ours, theirs)
                for ours, theirs in zip(merged.kept, part.kept, strict=True)
            ]
        return merged

    def counts(self) -> list[float]:
        """Returns the number of groups of each place, exact below `KEPT`."""
        return [_count(hashes) for hashes in self.kept]


def _smallest(ours: Hashes, theirs: Hashes) -> Hashes:
    if theirs.size == 1 and ours.size and theirs[0] in (ours[0], ours[-1]):
        return ours  # photos of a group come together
    return np.union1d(ours, theirs)[:KEPT]


def _count(hashes: Hashes) -> float:
    if hashes.size < KEPT:
        return float(hashes.size)
    return float(round((KEPT - 1) * _RANGE / float(hashes[-1])))
