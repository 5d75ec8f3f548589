"""What keeps people who cannot see, or use no mouse, from reading a page."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

_NAMES = ("aria-label", "aria-labelledby")


def accessibility_problems(elements: Sequence[Any]) -> list[str]:
    """Problems of a page's elements, in words."""
    if not any(element.name == "html" for element in elements):
        return []  # a fragment
    return [
        *_check_page(elements),
        *_check_headings(elements),
        *_check_tables(elements),
        *_check_controls(elements),
        *_check_pictures(elements),
    ]


def _named(elements: Sequence[Any], name: str) -> list[Any]:
    return [element for element in elements if element.name == name]


def _has_name(element: Any) -> bool:
    return any(element.attributes.get(key, "").strip() for key in _NAMES)


def _check_page(elements: Sequence[Any]) -> Iterator[str]:
    if not _named(elements, "html")[0].attributes.get("lang"):
        yield "the page has no language"
    if len(_named(elements, "main")) != 1:
        yield "the page has not exactly one main part"
    for landmark in (*_named(elements, "section"), *_named(elements, "nav")):
        if not _has_name(landmark):
            yield f"a {landmark.name} has no name"


def _check_headings(elements: Sequence[Any]) -> Iterator[str]:
    levels = [
        int(element.name[1])
        for element in elements
        if re.fullmatch(r"h[1-6]", element.name)
    ]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"headings begin with {levels[:1]} and have {levels.count(1)} of level 1"
    for before, level in itertools.pairwise(levels):
        if level > before + 1:
            yield f"a heading of level {level} follows one of level {before}"


def _check_tables(elements: Sequence[Any]) -> Iterator[str]:
    captioned = {
        id(caption.inside[-1])
        for caption in _named(elements, "caption")
        if caption.text.strip()
    }
    for table in _named(elements, "table"):
        if id(table) not in captioned:
            yield "a table has no caption"
        box = table.inside[-1].attributes
        if not (box.get("tabindex") == "0" and box.get("role") and _is_text(box)):
            yield "a table cannot be scrolled by keyboard"
    for header in _named(elements, "th"):
        if header.attributes.get("scope") not in ("row", "col"):
            yield f"the header {header.text!r} has no scope"
        if not header.text.strip():
            yield "a header of a table is empty"


def _is_text(attributes: dict[str, str]) -> bool:
    return bool(attributes.get("aria-label", "").strip())


def _check_controls(elements: Sequence[Any]) -> Iterator[str]:
    for button in _named(elements, "button"):
        if button.attributes.get("aria-pressed") not in ("true", "false"):
            yield f"the button {button.text!r} does not say whether it is pressed"
    for link in _named(elements, "a"):
        if not link.text.strip():
            yield "a link has no text"
    for element in elements:
        if element.attributes.get("role") in ("radiogroup", "group") and (
            not _has_name(element)
        ):
            yield f"a {element.attributes['role']} has no name"
        if int(element.attributes.get("tabindex", "0")) > 0:
            yield f"<{element.name}> changes the order of the keyboard"
    summaries = {id(one.inside[-1]) for one in _named(elements, "summary") if one.text}
    for details in _named(elements, "details"):
        if id(details) not in summaries:
            yield "a part that unfolds does not say what it holds"


def _check_pictures(elements: Sequence[Any]) -> Iterator[str]:
    for picture in _named(elements, "svg"):
        hidden = picture.attributes.get("aria-hidden") == "true"
        drawn = picture.attributes.get("role") == "img" and _has_name(picture)
        if not hidden and not drawn:
            yield "a drawing has no name"
