"""Names of photos and masks: which car, which view, and what is no such name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tfds_builders.folder_files import is_system_file

VIEWS = tuple(f"{number:02d}" for number in range(1, 17))

_KEY = r"([0-9a-f]{12}_(?:" + "|".join(VIEWS) + "))"
_PHOTO = re.compile(_KEY + r"\.jpg")
_MASK = re.compile(_KEY + r"_mask\.gif")


@dataclass(frozen=True, kw_only=True)
class SortedNames:
    """Names by their key, and those that are of another form.

    Attributes:
        by_key: `<car>_<view>` to the file's name, in rising order.
        odd: Names of another form.
    """

    by_key: Mapping[str, str]
    odd: Sequence[str]


def sort_photo_names(names: Iterable[str]) -> SortedNames:
    """Returns the photos by key.

    Example:
        >>> found = sort_photo_names(["00087a6bd4dc_01.jpg", "00087a6bd4dc_17.jpg"])
        >>> found.by_key, found.odd
        ({'00087a6bd4dc_01': '00087a6bd4dc_01.jpg'}, ['00087a6bd4dc_17.jpg'])
    """
    return _sort(names, _PHOTO)


def sort_mask_names(names: Iterable[str]) -> SortedNames:
    """Returns the GIF masks by key.

    Example:
        >>> sort_mask_names(["00087a6bd4dc_01_mask.gif"]).by_key
        {'00087a6bd4dc_01': '00087a6bd4dc_01_mask.gif'}
    """
    return _sort(names, _MASK)


def car_and_view(key: str) -> tuple[str, str]:
    """Returns the two parts of a key.

    Example:
        >>> car_and_view("00087a6bd4dc_01")
        ('00087a6bd4dc', '01')
    """
    car, _, view = key.partition("_")
    return car, view


def _sort(names: Iterable[str], pattern: re.Pattern[str]) -> SortedNames:
    by_key: dict[str, str] = {}
    odd: list[str] = []
    for name in sorted(names):
        if is_system_file(name):
            continue
        match = pattern.fullmatch(name)
        if match:
            by_key[match[1]] = name
        else:
            odd.append(name)
    return SortedNames(by_key=by_key, odd=odd)
