"""What the passes over the test split hand to the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.evaluation_report.photo_choice import Choice
from components.evaluation_report.photo_layers import PhotoLayers
from components.evaluation_report.photo_scores import ScoreBook


@dataclass(frozen=True, kw_only=True)
class ShownPhotos:
    """Scores of all photos, pictures of a few.

    Attributes:
        book: Scores of all photos.
        choices: Photos to show.
        layers: Record key to its pictures.
    """

    book: ScoreBook
    choices: Sequence[Choice]
    layers: Mapping[str, PhotoLayers]
