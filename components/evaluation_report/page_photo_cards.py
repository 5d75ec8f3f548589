"""The page's card of one photo, with its own switch between the views."""

from __future__ import annotations

from components.evaluation_report.markup import Html, tag
from components.evaluation_report.number_text import score
from components.evaluation_report.photo_choice import Choice
from components.evaluation_report.photo_layers import PhotoLayers
from components.evaluation_report.photo_views import switch_of_card

VIEWS = {view: view for view in ("photo", "truth", "prediction", "errors")}
START_VIEW = "prediction"


def photo_card(
    key: str, choice: Choice, score_name: str, layers: PhotoLayers | None
) -> Html:
    """Returns a card; the switch is of radio buttons and needs no script.

    Args:
        key: Of this card, unlike all others.
        choice: What is shown.
        score_name: What the photo's score is of.
        layers: Its pictures; None where they are left out.
    """
    photo = choice.photo
    caption = tag(
        "figcaption",
        tag("b", photo.example_id or "(no id)"),
        f" {score_name} {score(photo.iou)}",
    )
    if layers is None:
        frame = tag("div", "picture left out or not decodable", class_="none")
        return tag("figure", frame, caption, class_="card")
    return tag(
        "figure",
        tag(
            "div",
            *switch_of_card(key, VIEWS, START_VIEW, photo.example_id),
            _stack(choice, layers),
            class_="shot",
            role="radiogroup",
            aria_label=f"View of {photo.example_id}",
        ),
        caption,
        class_="card",
    )


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
