from __future__ import annotations

import math
from dataclasses import replace

import pytest

from components.model_packager.card import CardFacts, make_card, render_card
from components.model_packager.figures import list_figures
from tests.serving.drawn_model import TAXONOMY

NUMBERS = {
    (("view", "rear"),): {"miou": 0.5, "iou/red": math.nan},
    (): {"miou": 0.8125, "foreground_miou": 0.75, "iou/red": 0.9},
    (("view", "front"),): {"miou": 0.875, "iou/red": 0.95},
}
FACTS = CardFacts(
    model_name="colours",
    intended_use="Finding red cars.",
    limits=["Not for night photos."],
    taxonomy=TAXONOMY,
    splits={"test": 2, "train": 40},
    figures=list_figures(NUMBERS),
    verdict={
        "blessed": True,
        "rules": [
            {"passed": True, "sentence": "miou 0.8125 is at least 0.8"},
            {"passed": None, "sentence": "there is no model to compare with"},
        ],
    },
    made_with="2.16.2",
    size_px=(48, 64),
    signatures=["serving_default", "dense"],
)


def test_figures_start_with_the_whole_and_hold_no_nan() -> None:
    assert list_figures(NUMBERS) == [
        {
            "slice": {},
            "metrics": {"foreground_miou": 0.75, "iou/red": 0.9, "miou": 0.8125},
        },
        {"slice": {"view": "front"}, "metrics": {"iou/red": 0.95, "miou": 0.875}},
        {"slice": {"view": "rear"}, "metrics": {"iou/red": None, "miou": 0.5}},
    ]


def test_the_card_reads_well() -> None:
    text = render_card(make_card(FACTS))
    assert text.startswith(
        "# colours\n\nSegments: colour.\nClasses: background, red, blue.\n\n"
        "## Intended use\n\nFinding red cars.\n\n"
        "## Data\n\n- dataset: drawn\n- licence: CC0-1.0\n- commercial use: yes\n"
        "- test: 2 examples\n- train: 40 examples\n\n"
        "## Figures\n\n"
        "| photos | foreground_miou | miou | iou/red |\n"
        "| --- | --- | --- | --- |\n"
        "| all test photos | 0.7500 | 0.8125 | 0.9000 |\n"
        "| photos with view=front | - | 0.8750 | 0.9500 |\n"
        "| photos with view=rear | - | 0.5000 | - |\n\n"
        "## Gate\n\n- passed: miou 0.8125 is at least 0.8\n"
        "- not judged: there is no model to compare with\n\n"
        "## Limits\n\n- Not for night photos.\n- Every pixel gets one of 3 classes;"
    )
    assert "- Photos are scaled to fit 48 x 64 px before" in text
    assert "- Weakest by miou: photos with view=rear, 0.5000.\n" in text
    assert text.endswith(
        "## Model\n\n- made with TensorFlow 2.16.2\n- sees 48 x 64 px\n"
        "- signatures: dense, serving_default\n"
    )


@pytest.mark.parametrize(
    ("commercial", "sentence"),
    [
        ("no", "The data's licence (CC-BY-NC) does not allow commercial use."),
        (
            "unknown",
            "Whether the data's licence allows commercial use is unknown (CC-BY-NC);"
            " ask its owner first.",
        ),
    ],
)
def test_a_licence_against_commercial_use_is_a_limit(
    commercial: str, sentence: str
) -> None:
    taxonomy = TAXONOMY | {"licence": "CC-BY-NC", "commercial": commercial}
    assert sentence in make_card(replace(FACTS, taxonomy=taxonomy))["limits"]
    assert not any("licence" in limit for limit in make_card(FACTS)["limits"])


def test_without_measurements_the_card_says_so() -> None:
    card = make_card(replace(FACTS, figures=(), verdict=None, intended_use=""))
    assert card["gate"] is None
    assert card["intended_use"] == "The owner of the model states none."
    limit = "No figures: the model was packaged without an evaluation."
    assert limit in card["limits"]
    text = render_card(card)
    assert "## Figures\n\nNone.\n\n## Limits" in text
