"""Switches between the pictures of a photo: one for all cards, one on each card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.evaluation_report.markup import Html, tag

Views = Mapping[str, str]  # key to words, in the order in which they are shown


def switch_of_all(views: Views, start: str) -> Html:
    """Returns buttons that switch all cards; the script shows them."""
    buttons = [
        tag(
            "button",
            words,
            type="button",
            data_view=view,
            aria_pressed="true" if view == start else "false",
        )
        for view, words in views.items()
    ]
    return tag(
        "div",
        tag("span", "Show everywhere: "),
        *buttons,
        id="views",
        class_="toolbar",
        role="group",
        aria_label="Show everywhere",
        hidden=True,
    )


def switch_of_card(key: str, views: Views, start: str, photo: str) -> Sequence[Html]:
    """Returns a card's own switch; radio buttons need no script.

    Args:
        key: Of this card, unlike all others.
        views: What can be shown.
        start: What is shown at first.
        photo: Name of the photo, for who does not see it.
    """
    return [
        part
        for view, words in views.items()
        for part in (
            tag(
                "input",
                type="radio",
                name=key,
                id=f"{key}-{view}",
                class_=f"to-{view}",
                value=view,
                checked=view == start,
            ),
            tag("label", words, for_=f"{key}-{view}", title=f"{words}: {photo}"),
        )
    ]
