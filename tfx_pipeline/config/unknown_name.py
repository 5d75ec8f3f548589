"""The sentence for a name that does not exist: what is near it, what is known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def unknown_name(what: str, name: str, known: Iterable[str]) -> str:
    """Returns the message for an unknown name, near matches first.

    Example:
        >>> unknown_name("preset", "smok", ["local", "smoke"])
        "there is no preset named 'smok'; did you mean smoke? known: local, smoke"
    """
    names = list(known)
    near = difflib.get_close_matches(name, names, n=2, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    known_names = f"known: {', '.join(names)}" if names else "there are none"
    return f"there is no {what} named {name!r}; {hint}{known_names}"
