"""Reads a photo's group and view from its name by a user's regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterable


def find_in_names(
    pattern: str, names: Iterable[str], option: str
) -> dict[str, str | None]:
    r"""Returns for every name what the pattern's group finds in it, or None.

    The named group `group` counts, else the first one. The pattern is searched, so
    it may match anywhere in the name; `^` anchors it.

    Args:
        pattern: Regular expression with at least one group.
        names: Photos' paths without suffix.
        option: Name of the option, for messages.

    Raises:
        ValueError: The pattern is broken, has no group, or matches no name at all.

    Example:
        >>> find_in_names(r"(car\d+)_", ["car7_01", "x"], "group_regex")
        {'car7_01': 'car7', 'x': None}
    """
    compiled = _compile(pattern, option)
    group = "group" if "group" in compiled.groupindex else 1
    matches = {name: compiled.search(name) for name in names}
    found = {name: match[group] if match else None for name, match in matches.items()}
    if found and not any(found.values()):
        raise ValueError(
            f"{option} must match at least one photo's name, got {pattern!r} and names"
            f" like {next(iter(found))!r}; correct it, or leave it out"
        )
    return {name: value or None for name, value in found.items()}


def _compile(pattern: str, option: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern)
    except re.error as err:
        raise ValueError(
            f"{option} must be a regular expression, got {pattern!r} ({err});"
            " correct it"
        ) from err
    if not compiled.groups:
        raise ValueError(
            f"{option} must hold a group in parentheses, got {pattern!r}; write for"
            r" example '^(car\d+)_'"
        )
    return compiled
