"""The page's photos: truth, prediction and errors laid over each, by toggle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.evaluation_report.markup import Html, join, tag
from components.evaluation_report.page_classes import swatch
from components.evaluation_report.page_photo_cards import (
    START_VIEW,
    VIEWS,
    photo_card,
)
from components.evaluation_report.photo_choice import Choice
from components.evaluation_report.photo_layers import PhotoLayers
from components.evaluation_report.photo_views import chip, class_legend, switch_of_all
from components.evaluation_report.report_facts import ReportFacts
from components.model_gate.measurements import SliceKey, describe_slice

PICTURES_BYTES = 12_000_000  # of base64; the page stays below 15 MB
_KINDS = {"worst": "Worst", "typical": "Typical"}
_ERRORS = {  # the style's colour to its words
    "missed": "missed",
    "false-alarm": "false alarm",
    "hit": "right",
    "void": "void, not counted",
}

Card = tuple[Choice, Html]


def photos_section(facts: ReportFacts) -> Html:
    """Returns the toolbar, the legend, and the cards of every class and weak slice."""
    choices = facts.photos.choices
    if not choices:
        return tag("p", "No test photo shows a class.", class_="soft")
    pictured = within_budget(facts)
    cards = [
        (choice, photo_card(f"p{index}", choice, *_words(facts, choice, pictured)))
        for index, choice in enumerate(choices)
    ]
    return join(
        switch_of_all(VIEWS, START_VIEW),
        _legend(facts),
        _class_gallery(facts, cards),
        _slice_gallery(cards),
    )


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


def _class_gallery(facts: ReportFacts, cards: Sequence[Card]) -> Html:
    of_classes = [card for card in cards if card[0].slice is None]
    parts = [tag("h3", "By class")] if of_classes else []
    for class_id in dict.fromkeys(choice.class_id for choice, _ in of_classes):
        name = facts.classes.names[class_id]
        parts.append(tag("h4", swatch(class_id), name))
        for kind, title in _KINDS.items():
            shown = [
                card
                for choice, card in of_classes
                if (choice.class_id, choice.kind) == (class_id, kind)
            ]
            if shown:
                words = f"{title} by IoU of this class in the photo"
                parts += [tag("p", words), tag("div", *shown, class_="cards")]
    return join(*parts)


def _slice_gallery(cards: Sequence[Card]) -> Html:
    """Returns the worst photos of the weakest slices; empty without slices."""
    of_slices: dict[SliceKey, list[Html]] = {}
    for choice, card in cards:
        if choice.slice is not None:
            of_slices.setdefault(choice.slice, []).append(card)
    if not of_slices:
        return Html("")
    parts = [
        tag("h3", "By slice"),
        tag(
            "p",
            "The slices with the lowest foreground mIoU, at most two of a feature, each"
            " with its worst photos by foreground mIoU. The errors are of all classes"
            " but the background.",
            class_="soft",
        ),
    ]
    for key, shown in of_slices.items():
        parts.append(tag("h4", describe_slice(key)))
        parts.append(tag("div", *shown, class_="cards"))
    return join(*parts)


def _words(
    facts: ReportFacts, choice: Choice, pictured: Mapping[Choice, PhotoLayers]
) -> tuple[str, PhotoLayers | None]:
    """Returns what the score of a card is of, and its pictures."""
    if choice.slice is not None:
        return "foreground mIoU", pictured.get(choice)
    return f"{facts.classes.names[choice.class_id]} IoU", pictured.get(choice)


def _legend(facts: ReportFacts) -> Html:
    errors = [chip(colour, words) for colour, words in _ERRORS.items()]
    return join(
        class_legend("Truth and prediction: ", facts.classes),
        tag(
            "p",
            "Errors of the card's class or, by slice, of all classes; the rest"
            " darkened: ",
            *errors,
        ),
    )
