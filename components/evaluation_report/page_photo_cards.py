"""The page's card of one photo: its score, and what is laid over it."""

from __future__ import annotations

from components.evaluation_report.markup import Html, join, tag
from components.evaluation_report.number_text import score
from components.evaluation_report.photo_choice import Choice
from components.evaluation_report.photo_layers import PhotoLayers
from components.evaluation_report.photo_views import LayeredPhoto, Overlay, card

VIEWS = {view: view for view in ("photo", "truth", "prediction", "errors")}
START_VIEW = "prediction"


def photo_card(
    key: str, choice: Choice, score_name: str, layers: PhotoLayers | None
) -> Html:
    """Returns a card.

    Args:
        key: Of this card, unlike all others.
        choice: What is shown.
        score_name: What the photo's score is of.
        layers: Its pictures; None where they are left out.
    """
    name = choice.photo.example_id
    caption = join(
        tag("b", name or "(no id)"), f" {score_name} {score(choice.photo.iou)}"
    )
    shown = None if layers is None else _shown(name, choice.class_id, layers)
    return card(key, VIEWS, START_VIEW, caption, shown)


def _shown(name: str, class_id: int, layers: PhotoLayers) -> LayeredPhoto:
    return LayeredPhoto(
        name=name,
        width_px=layers.width_px,
        height_px=layers.height_px,
        jpeg=layers.photo,
        overlays={
            "truth": Overlay(alt=f"true mask of {name}", png=layers.truth),
            "prediction": Overlay(
                alt=f"predicted mask of {name}", png=layers.prediction
            ),
            "errors": Overlay(alt=f"errors of {name}", png=layers.errors[class_id]),
        },
    )
