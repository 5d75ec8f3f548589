"""Which classes a mirror swaps, told from their names."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SIDE = re.compile(r"(?<![a-z])(?:left|right)(?![a-z])|\((?:l|r)\)", re.IGNORECASE)
_OTHER = {"left": "right", "right": "left", "(l)": "(r)", "(r)": "(l)"}


def other_side(name: str) -> str:
    """Returns the name with left and right exchanged; the same where it has no side.

    Example:
        >>> other_side("back_left_door"), other_side("Front fender(R)")
        ('back_right_door', 'Front fender(L)')
        >>> other_side("Bright light")
        'Bright light'
    """
    return _SIDE.sub(_swapped, name)


def side_pairs(names: Iterable[str]) -> dict[str, str]:
    """Maps every name whose other side is a name, too, to that one.

    Example:
        >>> side_pairs(["left_door", "right_door", "left_mirror", "hood"])
        {'left_door': 'right_door', 'right_door': 'left_door'}
    """
    known = list(names)
    others = {name: other_side(name) for name in known}
    return {
        name: other
        for name, other in others.items()
        if other != name and other in known
    }


def _swapped(match: re.Match[str]) -> str:
    side = match[0]
    other = _OTHER[side.lower()]
    if side.isupper():
        return other.upper()
    return other.capitalize() if side[0].isupper() else other
