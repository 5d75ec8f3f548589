"""A JSON object read as by `json.loads`, but its long lists entry by entry."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

# From an entry, and where its text begins and ends, to what stands in its place.
Keep = Callable[[Any, int, int], Any]

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")


def load_object(text: str, keep: Mapping[str, Keep]) -> Any:
    """Returns what `json.loads` does, but of some lists only what is kept of entries.

    As Python's objects, numbers take several times the memory of their text; here one
    entry of such a list at a time does.

    Args:
        text: A JSON object; any other value is returned as it is.
        keep: Top-level lists by name.

    Raises:
        ValueError: It is no JSON; in the words of `json.loads`.

    Example:
        >>> load_object('{"a": [7, 8], "b": [9]}', {"a": lambda *entry: entry})
        {'a': [(7, 7, 8), (8, 10, 11)], 'b': [9]}
    """
    walk = _Walk(text)
    if not walk.is_at("{"):
        return json.loads(text)
    try:
        fields = dict(_members(walk, keep))
        walk.expect("")
    except json.JSONDecodeError:
        json.loads(text)  # Says the same in its own words.
        raise
    return fields


class _Walk:
    """A position in a text that moves on over all that is read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def is_at(self, mark: str) -> bool:
        """Says whether a character, or the end for "", comes next behind space."""
        self._skip_space()
        return self.text[self.position : self.position + 1] == mark

    def expect(self, mark: str) -> None:
        """Moves on over a character, or refuses another one."""
        if not self.is_at(mark):
            what = f"{mark!r}" if mark else "the end"
            raise json.JSONDecodeError(f"Expecting {what}", self.text, self.position)
        self.position += len(mark)

    def value(self) -> tuple[Any, int, int]:
        """Returns the next value, and where it begins and ends."""
        self._skip_space()
        start = self.position
        value, self.position = _DECODER.raw_decode(self.text, start)
        return value, start, self.position

    def items(self, opening: str, closing: str) -> Iterator[None]:
        """Stops ahead of each item between two brackets; the caller reads it."""
        self.expect(opening)
        if not self.is_at(closing):
            yield
            while not self.is_at(closing):
                self.expect(",")
                yield
        self.expect(closing)

    def _skip_space(self) -> None:
        space = _SPACE.match(self.text, self.position)
        self.position = space.end() if space else self.position


def _members(walk: _Walk, keep: Mapping[str, Keep]) -> Iterator[tuple[str, Any]]:
    for _ in walk.items("{", "}"):
        name, start, _ = walk.value()
        if not isinstance(name, str):
            raise json.JSONDecodeError("Expecting a name", walk.text, start)
        walk.expect(":")
        if name in keep and walk.is_at("["):
            yield name, [keep[name](*walk.value()) for _ in walk.items("[", "]")]
        else:
            yield name, walk.value()[0]
