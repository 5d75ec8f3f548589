"""HTML that is escaped unless it was made here: names from outside cannot leak in."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_VOID_ELEMENTS = ("img", "input", "meta", "link", "rect", "circle", "polyline", "line")

Attribute = str | int | float | bool | None


class Html(str):
    """Text that is markup already and is not escaped again."""


def join(*parts: str) -> Html:
    """Returns the parts one after another; what is no `Html` is escaped.

    Example:
        >>> join(tag("b", "a < b"), " & c")
        '<b>a &lt; b</b> &amp; c'
    """
    return Html("".join(_safe(part) for part in parts))


def tag(name: str, /, *children: str, **attributes: Attribute) -> Html:
    """Returns an element; children and attributes are escaped.

    Args:
        name: Of the element.
        *children: Text, or `Html` of other calls.
        **attributes: `class_` is written `class`, `aria_label` is `aria-label`; None
            and False are left out, True stands without a value.

    Example:
        >>> tag("a", "5 > 4", href="#x", class_="soft")
        '<a href="#x" class="soft">5 &gt; 4</a>'
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID_ELEMENTS and not children:
        return Html(f"<{name}{written}/>")
    return Html(f"<{name}{written}>{join(*children)}</{name}>")


def table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str,
    class_: str | None = None,
) -> Html:
    """Returns a table that scrolls; a header that ends in `#` is of numbers.

    The first cell of a row is the row's header.

    Args:
        headers: Of the columns.
        rows: Cells by row.
        caption: What the table says, for people who cannot see it at a glance.
        class_: Of the box around it.
    """
    kinds = ["number" if name.endswith("#") else None for name in headers]
    head = join(
        *(
            tag("th", name.rstrip("#"), scope="col", class_=kind)
            for name, kind in zip(headers, kinds, strict=True)
        )
    )
    body = join(*(tag("tr", _row(row, kinds)) for row in rows))
    parts = (tag("thead", tag("tr", head)), tag("tbody", body))
    return scroll_box(tag("table", tag("caption", caption), *parts), caption, class_)


def scroll_box(content: Html, name: str, class_: str | None = None) -> Html:
    """Returns a named box that scrolls sideways, by keyboard too."""
    return tag(
        "div",
        content,
        class_=f"scroll {class_}" if class_ else "scroll",
        tabindex=0,  # or what is cut off can be seen with a mouse alone
        role="group",
        aria_label=name,
    )


def _row(cells: Sequence[str], kinds: Sequence[str | None]) -> Html:
    first, *rest = zip(cells, kinds, strict=True)
    return join(
        tag("th", first[0], scope="row", class_=first[1]),
        *(tag("td", cell, class_=kind) for cell, kind in rest),
    )


def _safe(part: str) -> str:
    return part if isinstance(part, Html) else escape(part)


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
