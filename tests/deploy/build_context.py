"""Which files of the checkout a builder gets: what the .dockerignore lets through."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path


def read_patterns(ignore_file: Path) -> list[str]:
    """Returns the patterns in their order, without comments."""
    lines = (line.strip() for line in ignore_file.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def is_sent(name: str, patterns: Sequence[str]) -> bool:
    """Says whether a file's path below the context is sent: the last match decides."""
    sent = True
    for pattern in patterns:
        takes_back = pattern.startswith("!")
        if _matches(name, pattern.removeprefix("!")):
            sent = takes_back
    return sent


def copy_context(checkout: Path, patterns: Sequence[str], to: Path) -> None:
    """Copies what a builder would be sent, from the folders that hold some of it."""
    for name in sorted(_candidates(checkout, patterns)):
        if is_sent(name, patterns):
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(checkout / name, to / name)


def _candidates(checkout: Path, patterns: Iterable[str]) -> Iterable[str]:
    """Yields files that a `!` pattern names: all others are left out by `*`."""
    for pattern in patterns:
        if pattern.startswith("!"):
            start = checkout / pattern.removeprefix("!")
            found = [start] if start.is_file() else start.rglob("*")
            yield from (
                os.fspath(path.relative_to(checkout))
                for path in found
                if path.is_file()
            )


def _matches(name: str, pattern: str) -> bool:
    """Says whether a pattern names the file or a folder above it."""
    parts = name.split("/")
    heads = ("/".join(parts[: end + 1]) for end in range(len(parts)))
    return any(re.fullmatch(_expression(pattern), head) for head in heads)


def _expression(pattern: str) -> str:
    return "".join(
        {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(
            part, re.escape(part)
        )
        for part in re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", pattern)
    )
