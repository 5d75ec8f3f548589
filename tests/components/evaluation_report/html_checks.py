"""Reads a page as a browser would and collects what a person could complain about."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.components.evaluation_report.accessibility_checks import (
    accessibility_problems,
)

_VOID = {"img", "input", "meta", "link"}
_ADDRESSES = ("src", "href", "action", "data", "poster", "srcset")


@dataclass
class Element:
    """One element with its attributes and the text inside it."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    inside: tuple[Element, ...] = field(default=(), repr=False)


@dataclass
class Page(HTMLParser):
    """Elements in order; `problems` is empty on a sound page."""

    source: str = field(repr=False)
    elements: list[Element] = field(default_factory=list, repr=False)
    problems: list[str] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)
        self.close()
        self.problems += [f"<{element.name}> is left open" for element in self._open]
        self.problems += [*_check_ids(self), *_check_names(self), *_check_outside(self)]
        self.problems += accessibility_problems(self.elements)

    def handle_starttag(self, tag, attrs):
        element = self._element(tag, attrs)
        if len(element.attributes) != len(attrs):
            self.problems.append(f"<{tag}> has an attribute twice")
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.elements.append(self._element(tag, attrs))

    def handle_endtag(self, tag):
        if not self._open or self._open[-1].name != tag:
            self.problems.append(f"</{tag}> closes nothing")
        else:
            self._open.pop()

    def handle_data(self, data):
        for element in self._open:
            element.text += data

    def _element(self, tag, attrs):
        attributes = {key: value or "" for key, value in attrs}
        return Element(tag, attributes, inside=tuple(self._open))

    def all(self, name: str, /, **attributes: str) -> list[Element]:
        """Elements of a name whose attributes are as given."""
        return [
            element
            for element in self.elements
            if element.name == name
            and all(
                element.attributes.get(key.rstrip("_")) == value
                for key, value in attributes.items()
            )
        ]

    def one(self, name: str, /, **attributes: str) -> Element:
        (element,) = self.all(name, **attributes)
        return element


def _check_ids(page: Page):
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    yield from (
        f"id {name} twice" for name in sorted({i for i in ids if ids.count(i) > 1})
    )
    for element in page.elements:
        for key in ("for", "aria-labelledby"):
            if key in element.attributes and element.attributes[key] not in ids:
                yield f"{key}={element.attributes[key]} leads nowhere"
        link = element.attributes.get("href", "")
        if link.startswith("#") and link[1:] not in ids:
            yield f"link {link} leads nowhere"


def _check_names(page: Page):
    for button in page.all("button"):
        if not (button.text.strip() or button.attributes.get("aria-label")):
            yield "a button has no name"
        if button.attributes.get("type") != "button":
            yield f"button {button.text} submits"
    labelled = {label.attributes["for"] for label in page.all("label") if label.text}
    for field_ in page.all("input"):
        if field_.attributes.get("id") not in labelled:
            yield f"input {field_.attributes} has no label"
    for picture in page.all("img"):
        if not picture.attributes.get("alt"):
            yield "a picture has no text"


def _check_outside(page: Page):
    for element in page.elements:
        for key, value in element.attributes.items():
            if key == "style" or key.startswith("on"):
                yield f"<{element.name} {key}> is not allowed by the page's policy"
            if key in _ADDRESSES and not value.startswith(("data:", "#")):
                yield f"<{element.name} {key}={value[:40]}> asks for something outside"
        if element.name == "style" and re.search(r"@import|url\(", element.text):
            yield "the style asks for something outside"
    policy = page.one("meta", **{"http-equiv": "Content-Security-Policy"})
    for name in ("style", "script"):
        digest = hashlib.sha256(page.one(name).text.encode()).digest()
        allowed = f"{name}-src 'sha256-{base64.b64encode(digest).decode()}'"
        if allowed not in policy.attributes["content"]:
            yield f"the policy does not allow the page's own {name}"
