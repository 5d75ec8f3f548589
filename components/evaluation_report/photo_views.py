"""What all pages with photos share: cards that switch between views, a legend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components.evaluation_report.markup import Html, tag
from components.segmentation_metrics.class_names import ClassNames

Views = Mapping[str, str]  # key to words, in the order in which they are shown


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """A picture that is laid over the photo in one of its views.

    Attributes:
        alt: What it shows, for who does not see it.
        png: Base64 text, as large as the photo.
    """

    alt: str
    png: str


@dataclass(frozen=True, kw_only=True)
class LayeredPhoto:
    """A photo with what can be laid over it.

    Attributes:
        name: For people.
        width_px: Of all its pictures.
        height_px: Of all its pictures.
        jpeg: Base64 text.
        overlays: By view; a view without one shows the photo alone.
    """

    name: str
    width_px: int
    height_px: int
    jpeg: str
    overlays: Mapping[str, Overlay]


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


def card(
    key: str, views: Views, start: str, caption: Html, photo: LayeredPhoto | None
) -> Html:
    """Returns a card with its own switch, of radio buttons: it needs no script.

    Args:
        key: Of this card, unlike all others.
        views: What can be shown.
        start: What is shown at first.
        caption: Below the photo.
        photo: None where its pictures are left out.
    """
    if photo is None:
        shot = tag("div", "picture left out or not decodable", class_="none")
    else:
        shot = tag(
            "div",
            *_switch(key, views, start, photo.name),
            _stack(photo),
            class_="shot",
            role="radiogroup",
            aria_label=f"View of {photo.name}",
        )
    return tag("figure", shot, tag("figcaption", caption), class_="card")


def class_legend(title: str, classes: ClassNames) -> Html:
    """Returns the colours of true and predicted masks; a title stands before them."""
    chips = [
        chip(f"c{class_id}", name)
        for class_id, name in enumerate(classes.names)
        if class_id != classes.background_id
    ]
    void = tag("span", "void is white, background is not drawn", class_="soft")
    return tag("p", title, *chips, void)


def chip(colour: str, words: str) -> Html:
    """Returns a small square and what it stands for; colour is a class of the style."""
    square = tag("span", class_=f"swatch {colour}", aria_hidden="true")
    return tag("span", square, words, class_="chip")


def _switch(key: str, views: Views, start: str, name: str) -> Iterator[Html]:
    for view, words in views.items():
        yield tag(
            "input",
            type="radio",
            name=key,
            id=f"{key}-{view}",
            class_=f"to-{view}",
            value=view,
            checked=view == start,
        )
        yield tag("label", words, for_=f"{key}-{view}", title=f"{words}: {name}")


def _stack(photo: LayeredPhoto) -> Html:
    size = {"width": photo.width_px, "height": photo.height_px}
    return tag(
        "div",
        tag(
            "img",
            src=f"data:image/jpeg;base64,{photo.jpeg}",
            alt=f"photo {photo.name}",
            class_="photo",
            **size,
        ),
        *(
            tag(
                "img",
                src=f"data:image/png;base64,{overlay.png}",
                alt=overlay.alt,
                class_=f"over {view}",
                **size,
            )
            for view, overlay in photo.overlays.items()
        ),
        class_="stack",
    )
