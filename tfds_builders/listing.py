"""What a builder finds in a user's folder before any photo is opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from tfds_builders.group_split import SPLITS
from tfds_builders.skipped_sources import SkippedSource


class _Placed(Protocol):
    @property
    def split(self) -> str: ...


class WrongFolderError(ValueError):
    """The user's folder, or an option about it, does not fit the dataset."""


Source = TypeVar("Source")
Placed = TypeVar("Placed", bound=_Placed)


@dataclass(frozen=True, kw_only=True)
class Listing(Generic[Source]):
    """Sources by split in a stable order, and what was left out.

    Attributes:
        sources: What gives a record each; `str()` of one names it in `skipped.json`.
        skipped: What the listing itself had to leave out (a photo without mask).
    """

    sources: Mapping[str, Sequence[Source]]
    skipped: Sequence[SkippedSource] = ()


def by_split(sources: Iterable[Placed]) -> dict[str, list[Placed]]:
    """Sorts sources into their splits, each in the order that is given."""
    sorted_in: dict[str, list[Placed]] = {split: [] for split in SPLITS}
    for source in sources:
        sorted_in[source.split].append(source)
    return sorted_in
