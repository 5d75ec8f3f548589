"""The page's photos on which the masks differ most: truth and each model, by toggle."""

from __future__ import annotations

from collections.abc import Mapping

from components.evaluation_report.markup import Html, join, tag
from components.evaluation_report.number_text import count, percent
from components.evaluation_report.photo_views import (
    LayeredPhoto,
    Overlay,
    card,
    chip,
    class_legend,
    switch_of_all,
)
from components.run_comparison.comparison import Comparison
from components.run_comparison.disputed_photo import (
    FIRST_RIGHT,
    NONE_RIGHT,
    OTHER_RIGHT,
    DisputedPhoto,
)
from components.run_comparison.photo_pass import DISPUTE_RGB

PICTURES_BYTES = 12_000_000  # of base64; the page stays below 15 MB
_PHOTO, _TRUTH, _DISPUTED = "photo", "truth", "disputed"
_START = _DISPUTED
_DISPUTE_WORDS = {
    FIRST_RIGHT: "the first is right",
    OTHER_RIGHT: "the first is wrong, another one is right",
    NONE_RIGHT: "all are wrong",
}


def disputes_section(comparison: Comparison) -> Html:
    """Returns the toolbar, the legend and a card per photo."""
    if not comparison.photos_asked:
        return tag("p", "The models were not asked about photos again.", class_="soft")
    asked = f"All models were asked about {count(comparison.photos_asked)} test photos"
    if not comparison.photos:
        return tag("p", f"{asked} again: their masks are the same.", class_="soft")
    cards, left = [], PICTURES_BYTES
    for index, photo in enumerate(comparison.photos):
        left -= photo.base64_bytes
        cards.append(_card(f"p{index}", comparison, photo, is_shown=left >= 0))
    about = (
        f"{asked} again. These are the photos with the largest share of pixels on which"
        " not all masks are the same; pixels whose truth is void are not counted."
    )
    return join(
        tag("p", about, class_="soft"),
        switch_of_all(_views(comparison), _START),
        _legend(comparison),
        tag("div", *cards, class_="cards"),
    )


def dispute_style(models: int) -> str:
    """Returns the rules of the views and of the legend's colours."""
    views = [_DISPUTED, *(_model_view(index) for index in range(models))]
    shown = ", ".join(f".to-{view}:checked ~ .stack .{view}" for view in views)
    colours = "".join(
        f".d{value} {{ background: rgb({red},{green},{blue}); }}\n"
        for value, (red, green, blue) in DISPUTE_RGB.items()
    )
    return f"{shown} {{ visibility: visible; }}\n{colours}"


def _model_view(index: int) -> str:
    return f"model-{index}"


def _views(comparison: Comparison) -> Mapping[str, str]:
    """Returns key and words of each view."""
    return {
        _PHOTO: "photo",
        _TRUTH: "truth",
        **{
            _model_view(index): model.name
            for index, model in enumerate(comparison.models)
        },
        _DISPUTED: "who is right",
    }


def _legend(comparison: Comparison) -> Html:
    disputes = [chip(f"d{value}", words) for value, words in _DISPUTE_WORDS.items()]
    return join(
        class_legend("Truth and masks: ", comparison.classes),
        tag("p", "Where they differ: ", *disputes),
    )


def _card(
    key: str, comparison: Comparison, photo: DisputedPhoto, *, is_shown: bool
) -> Html:
    rights = zip(comparison.models, photo.dispute.right, strict=True)
    caption = join(
        tag("b", photo.example_id or "(no id)"),
        f" {percent(photo.dispute.share)} disputed; right there: ",
        ", ".join(f"{model.name} {percent(share)}" for model, share in rights),
    )
    views = _views(comparison)
    shown = _shown(views, photo) if is_shown and photo.photo else None
    return card(key, views, _START, caption, shown)


def _shown(views: Mapping[str, str], photo: DisputedPhoto) -> LayeredPhoto:
    masks = {_model_view(index): png for index, png in enumerate(photo.masks)}
    overlays = {
        _TRUTH: ("true mask", photo.truth),
        **{view: (f"mask of {views[view]}", png) for view, png in masks.items()},
        _DISPUTED: ("map of who is right", photo.disputed),
    }
    return LayeredPhoto(
        name=photo.example_id,
        width_px=photo.width_px,
        height_px=photo.height_px,
        jpeg=photo.photo,
        overlays={
            view: Overlay(alt=f"{words}, {photo.example_id}", png=png)
            for view, (words, png) in overlays.items()
        },
    )
