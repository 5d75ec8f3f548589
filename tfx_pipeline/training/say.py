"""Lines for the person who waits: to stderr, for stdout belongs to results."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    """Writes one line at once."""
    print(line, file=sys.stderr, flush=True)
