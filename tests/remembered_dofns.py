"""A quarter less work for a small Beam pipeline, of which the tests run hundreds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import MethodType
from typing import Any

Specs = tuple[set[Any], set[Any]]
ReadSpecs = Callable[[Any], Specs]


def remember_dofn_specs() -> None:
    """Lets Beam, once loaded, read the methods of each class of DoFns only once.

    To find states and timers, it reads the signatures of all of them about ten times
    per step; for a few photos that takes longer than what the steps do.
    """
    userstate: Any = sys.modules.get("apache_beam.transforms.userstate")
    read = getattr(userstate, "get_dofn_specs", None)
    if read is not None and read.__module__ != __name__:
        userstate.get_dofn_specs = remembered(read)


def remembered(read: ReadSpecs) -> ReadSpecs:
    """Returns `read` that answers from memory for a DoFn with the same methods."""
    known: dict[tuple[Any, ...], Specs] = {}

    def read_once(dofn: Any) -> Specs:
        key = (type(dofn), *_bound_methods(dofn))
        if key not in known:
            known[key] = read(dofn)
        states, timers = known[key]
        return set(states), set(timers)

    return read_once


def _bound_methods(dofn: Any) -> Iterator[tuple[str, Any]]:
    """Yields name and function of all that Beam looks at."""
    for name in dir(dofn):
        method = getattr(dofn, name, None)
        if isinstance(method, MethodType):
            yield name, method.__func__
