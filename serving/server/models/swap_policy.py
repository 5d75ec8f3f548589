"""Which version is loaded or unloaded next, so that one is always available."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, IntEnum


class State(IntEnum):
    """Where a version is in its life; the numbers are those of the API."""

    START = 10
    LOADING = 20
    AVAILABLE = 30
    UNLOADING = 40
    END = 50


class Act(Enum):
    """What to do with a version."""

    LOAD = "load"
    UNLOAD = "unload"


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A version as the policy sees it."""

    version: int
    state: State
    aspired: bool


def next_action(versions: Collection[Snapshot]) -> tuple[Act, int] | None:
    """Returns what comes next for one model, None if nothing does.

    An old version goes when a wanted one is available, or when none is wanted at all;
    otherwise the highest wanted version that is new is loaded (TensorFlow Serving's
    AvailabilityPreservingPolicy). Versions of a model load one after the other.
    """
    available = [item for item in versions if item.state is State.AVAILABLE]
    nothing_wanted = not any(item.aspired for item in versions)
    if nothing_wanted or any(item.aspired for item in available):
        superfluous = [item.version for item in available if not item.aspired]
        if superfluous:
            return Act.UNLOAD, min(superfluous)
    if any(item.state is State.LOADING for item in versions):
        return None
    new = [
        item.version for item in versions if item.aspired and item.state is State.START
    ]
    return (Act.LOAD, max(new)) if new else None
