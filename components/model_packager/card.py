"""The model card: what the model is for, what it learnt from, how good it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.model_packager.figures import (
    HEADLINE_METRICS,
    find_weakest,
    name_slice,
)


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """All that a card is made of.

    Attributes:
        model_name: Under which it is served.
        intended_use: By the model's owner; '' if they said nothing.
        limits: Sentences by the model's owner.
        taxonomy: The taxonomy's JSON form; holds the data's licence.
        splits: Examples per split, from the audit; empty without one.
        figures: As `list_figures` gives them; empty without an evaluation.
        verdict: Content of the gate's `verdict.json`; None without one.
        made_with: Version of TensorFlow.
        size_px: Height and width of the picture that the network sees.
        signatures: Names of what can be called.
    """

    model_name: str
    intended_use: str
    limits: Sequence[str]
    taxonomy: Mapping[str, Any]
    splits: Mapping[str, int]
    figures: Sequence[Mapping[str, Any]]
    verdict: Mapping[str, Any] | None
    made_with: str
    size_px: tuple[int, int]
    signatures: Sequence[str]


def make_card(facts: CardFacts) -> dict[str, Any]:
    """Returns the content of `card.json`."""
    taxonomy = facts.taxonomy
    return {
        "model_name": facts.model_name,
        "task": taxonomy["task"],
        "classes": [entry["name"] for entry in taxonomy["classes"]],
        "intended_use": facts.intended_use or "The owner of the model states none.",
        "data": {
            "dataset": taxonomy["dataset"],
            "licence": taxonomy["licence"],
            "commercial": taxonomy["commercial"],
            "splits": dict(facts.splits),
        },
        "figures": list(facts.figures),
        "gate": None if facts.verdict is None else _gate(facts.verdict),
        "limits": [*facts.limits, *_own_limits(facts)],
        "model": {
            "tensorflow": facts.made_with,
            "height_px": facts.size_px[0],
            "width_px": facts.size_px[1],
            "signatures": sorted(facts.signatures),
        },
    }


def render_card(card: Mapping[str, Any]) -> str:
    """Returns the card as Markdown."""
    return "\n".join(_lines(card)) + "\n"


def _gate(verdict: Mapping[str, Any]) -> dict[str, Any]:
    rules = verdict.get("rules", [])
    return {
        "blessed": verdict.get("blessed"),
        "passed": [rule["sentence"] for rule in rules if rule["passed"]],
        "not_judged": [rule["sentence"] for rule in rules if rule["passed"] is None],
    }


def _own_limits(facts: CardFacts) -> Iterator[str]:
    """Yields what follows from the facts, whatever the owner says."""
    taxonomy, (height, width) = facts.taxonomy, facts.size_px
    yield (
        f"Every pixel gets one of {len(taxonomy['classes'])} classes; what is none of"
        " them gets one too."
    )
    yield (
        f"Photos are scaled to fit {height} x {width} px before the network sees them:"
        " what is smaller than a pixel there is not found."
    )
    yield "Reads JPEG, PNG, BMP and GIF (first frame); transparency is ignored."
    if taxonomy["commercial"] == "no":
        yield (
            f"The data's licence ({taxonomy['licence']}) does not allow commercial use."
        )
    elif taxonomy["commercial"] != "yes":
        yield (
            "Whether the data's licence allows commercial use is unknown"
            f" ({taxonomy['licence']}); ask its owner first."
        )
    if not facts.figures:
        yield "No figures: the model was packaged without an evaluation."
    for metric in HEADLINE_METRICS:
        weakest = find_weakest(facts.figures, metric)
        if weakest:
            yield f"Weakest by {metric}: {name_slice(weakest[0])}, {weakest[1]:.4f}."


def _lines(card: Mapping[str, Any]) -> Iterator[str]:
    data, model = card["data"], card["model"]
    yield from (f"# {card['model_name']}", "", f"Segments: {card['task']}.")
    yield from (f"Classes: {', '.join(card['classes'])}.", "")
    yield from ("## Intended use", "", card["intended_use"], "")
    yield from ("## Data", "", f"- dataset: {data['dataset']}")
    yield f"- licence: {data['licence']}"
    yield f"- commercial use: {data['commercial']}"
    for split, count in data["splits"].items():
        yield f"- {split}: {count} examples"
    yield from ("", "## Figures", "")
    yield from _figure_table(card["figures"])
    if card["gate"]:
        yield from ("", "## Gate", "")
        yield from (f"- passed: {sentence}" for sentence in card["gate"]["passed"])
        yield from (f"- not judged: {text}" for text in card["gate"]["not_judged"])
    yield from ("", "## Limits", "", *(f"- {limit}" for limit in card["limits"]))
    yield from ("", "## Model", "", f"- made with TensorFlow {model['tensorflow']}")
    yield f"- sees {model['height_px']} x {model['width_px']} px"
    yield f"- signatures: {', '.join(model['signatures'])}"


def _figure_table(figures: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yields a row per slice, with the headline metrics and every class's IoU."""
    if not figures:
        yield "None."
        return
    names = {name for figure in figures for name in figure["metrics"]}
    columns = [name for name in HEADLINE_METRICS if name in names]
    columns += sorted(name for name in names if name.startswith("iou/"))
    yield f"| photos | {' | '.join(columns)} |"
    yield "| --- |" + " --- |" * len(columns)
    for figure in figures:
        cells = (_cell(figure["metrics"].get(name)) for name in columns)
        yield f"| {_escape(name_slice(figure))} | {' | '.join(cells)} |"


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
