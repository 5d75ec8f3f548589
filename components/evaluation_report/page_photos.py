"""The page's photos: truth, prediction and errors laid over each, by toggle."""

from __future__ import annotations

from collections.abc import Sequence

from components.evaluation_report.markup import Html, join, tag
from components.evaluation_report.number_text import score
from components.evaluation_report.page_classes import swatch
from components.evaluation_report.photo_choice import Choice
from components.evaluation_report.photo_layers import PhotoLayers
from components.evaluation_report.report_facts import ReportFacts

PICTURES_BYTES = 12_000_000  # of base64; the page stays below 15 MB
_VIEWS = {
    "photo": "photo",
    "truth": "truth",
    "prediction": "prediction",
    "errors": "errors",
}
_START = "prediction"
_KINDS = {"worst": "Worst", "typical": "Typical"}


def photos_section(facts: ReportFacts) -> Html:
    """Returns the toolbar, the legend, and the cards of every class."""
    choices = facts.photos.choices
    if not choices:
        return tag("p", "No test photo shows a class.", class_="soft")
    pictured = within_budget(facts)
    numbered = [(f"p{index}", choice) for index, choice in enumerate(choices)]
    parts = [_toolbar(), _legend(facts)]
    for class_id in dict.fromkeys(choice.class_id for choice in choices):
        name = facts.classes.names[class_id]
        parts.append(tag("h3", swatch(class_id), name))
        for kind, title in _KINDS.items():
            cards = [
                _card(key, choice, name, pictured.get(choice))
                for key, choice in numbered
                if (choice.class_id, choice.kind) == (class_id, kind)
            ]
            if cards:
                words = f"{title} by IoU of this class in the photo"
                parts += [tag("p", words), tag("div", *cards, class_="cards")]
    return join(*parts)


def within_budget(
    facts: ReportFacts, budget: int = PICTURES_BYTES
) -> dict[Choice, PhotoLayers]:
    """Returns the choices whose pictures fit the page, first ranks first."""
    kept: dict[Choice, PhotoLayers] = {}
    for choice in sorted(facts.photos.choices, key=lambda choice: choice.rank):
        layers = facts.photos.layers.get(choice.photo.record_key)
        if layers is None or not layers.photo:
            continue
        size = layers.base64_bytes(choice.class_id)
        if size <= budget:
            budget -= size
            kept[choice] = layers
    return kept


def _toolbar() -> Html:
    """Returns buttons that switch all cards; the script shows them."""
    buttons = [
        tag(
            "button",
            words,
            type="button",
            data_view=view,
            aria_pressed="true" if view == _START else "false",
        )
        for view, words in _VIEWS.items()
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


def _legend(facts: ReportFacts) -> Html:
    colours = [
        tag("span", swatch(class_id), name, class_="chip")
        for class_id, name in enumerate(facts.classes.names)
        if class_id != facts.classes.background_id
    ]
    errors = [
        tag(
            "span",
            tag("span", class_=f"swatch {key}", aria_hidden="true"),
            words,
            class_="chip",
        )
        for key, words in (
            ("missed", "missed"),
            ("false-alarm", "false alarm"),
            ("hit", "right"),
            ("void", "void, not counted"),
        )
    ]
    return join(
        tag(
            "p",
            "Truth and prediction: ",
            *colours,
            tag("span", "void is white, background is not drawn", class_="soft"),
        ),
        tag("p", "Errors of the card's class, the rest darkened: ", *errors),
    )


def _card(
    key: str, choice: Choice, class_name: str, layers: PhotoLayers | None
) -> Html:
    photo = choice.photo
    caption = tag(
        "figcaption",
        tag("b", photo.example_id or "(no id)"),
        f" {class_name} IoU {score(photo.iou)}",
    )
    if layers is None:
        frame = tag("div", "picture left out or not decodable", class_="none")
        return tag("figure", frame, caption, class_="card")
    return tag(
        "figure",
        tag(
            "div",
            *_radios(key, photo.example_id),
            _stack(choice, layers),
            class_="shot",
            role="radiogroup",
            aria_label=f"View of {photo.example_id}",
        ),
        caption,
        class_="card",
    )


def _radios(key: str, example_id: str) -> Sequence[Html]:
    return [
        part
        for view, words in _VIEWS.items()
        for part in (
            tag(
                "input",
                type="radio",
                name=key,
                id=f"{key}-{view}",
                class_=f"to-{view}",
                value=view,
                checked=view == _START,
            ),
            tag("label", words, for_=f"{key}-{view}", title=f"{words} of {example_id}"),
        )
    ]


def _stack(choice: Choice, layers: PhotoLayers) -> Html:
    size = {"width": layers.width_px, "height": layers.height_px}
    name = choice.photo.example_id
    overlays = {
        "truth": ("true mask", layers.truth),
        "prediction": ("predicted mask", layers.prediction),
        "errors": ("errors", layers.errors[choice.class_id]),
    }
    return tag(
        "div",
        tag(
            "img",
            src=f"data:image/jpeg;base64,{layers.photo}",
            alt=f"photo {name}",
            class_="photo",
            **size,
        ),
        *(
            tag(
                "img",
                src=f"data:image/png;base64,{data}",
                alt=f"{words} of {name}",
                class_=f"over {view}",
                **size,
            )
            for view, (words, data) in overlays.items()
        ),
        class_="stack",
    )
