"""The comparison's page: one file, no requests, what differs first."""

from __future__ import annotations

import math
from collections.abc import Iterator

from components.evaluation_report.document import html_document
from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_text import count
from components.evaluation_report.page_script import SCRIPT
from components.evaluation_report.page_style import class_colours, style_text
from components.run_comparison.change_text import change, change_interval
from components.run_comparison.comparison import Comparison
from components.run_comparison.differences import (
    BETTER,
    NOT_SHOWN,
    TOO_FEW,
    WORSE,
    Difference,
    difference,
)
from components.run_comparison.model_rows import (
    MIOU,
    MODEL_HEADERS,
    QUALITY_HEADERS,
    model_rows,
    quality_rows,
)
from components.run_comparison.page_changes import (
    classes_section,
    scores_section,
    slices_section,
)
from components.run_comparison.page_disputes import dispute_style, disputes_section
from components.run_comparison.page_latency import LATENCY_STYLE, latency_section


def render_page(comparison: Comparison) -> str:
    """Returns the HTML text; it works from a file and asks for nothing."""
    sections = {
        "models": ("Models", _models_section),
        "latency": ("Quality against latency", latency_section),
        "scores": ("Scores of the whole split", scores_section),
        "classes": ("Classes", classes_section),
        "slices": ("Slices", slices_section),
        "photos": ("Where they disagree most", disputes_section),
    }
    links = [tag("a", title, href=f"#{key}") for key, (title, _) in sections.items()]
    body = tag(
        "main",
        _lead(comparison),
        tag("nav", *links, aria_label="Sections"),
        *(
            tag(
                "section",
                tag("h2", title, id=f"{key}-title"),
                make(comparison),
                id=key,
                aria_labelledby=f"{key}-title",
            )
            for key, (title, make) in sections.items()
        ),
    )
    rules = (
        class_colours(comparison.table)
        + dispute_style(len(comparison.models))
        + LATENCY_STYLE
    )
    names = " / ".join(model.name for model in comparison.models)
    return html_document(
        title=f"Comparison: {names}",
        body=body,
        style=style_text(rules),
        script=SCRIPT,
    )


def _lead(comparison: Comparison) -> Html:
    return tag(
        "section",
        tag("h1", f"{len(comparison.models)} models compared", id="lead-title"),
        tag("ul", *(tag("li", words) for words in _findings(comparison))),
        tag("p", _about(comparison), class_="soft"),
        *(tag("p", note, class_="warn") for note in comparison.notes),
        id="lead",
        class_="verdict",
        aria_labelledby="lead-title",
    )


def _about(comparison: Comparison) -> str:
    test = comparison.first.test
    dataset = comparison.taxonomy.get("dataset", "unknown data")
    groups = (
        ""
        if math.isnan(test.groups)
        else f" in {count(test.groups)} groups (cars, cases or scenes)"
    )
    return (
        f"Task {comparison.task} of {dataset}: each model was measured on the same"
        f" {count(test.examples)} test photos{groups}. The others are compared with"
        f" {comparison.first.name}, by mIoU."
    )


def _findings(comparison: Comparison) -> Iterator[str]:
    """Yields what is shown of each model, in a sentence."""
    first = comparison.first
    for model in comparison.others:
        found = difference(model, first, MIOU)
        yield f"{_sentence(model.name, first.name, found)}: mIoU {_numbers(found)}"


def _sentence(name: str, first_name: str, found: Difference) -> str:
    if found.word in (BETTER, WORSE):
        return f"{name} is {found.word} than {first_name}"
    if found.word == NOT_SHOWN:
        return f"Between {name} and {first_name} no difference is shown"
    why = (
        "there are too few groups of test photos"
        if found.word == TOO_FEW
        else "the evaluations redrew no test photos"
    )
    return f"Whether {name} or {first_name} is better is not known, for {why}"


def _numbers(found: Difference) -> str:
    if found.interval is None:
        return f"{change(found.change)}."
    return f"{change(found.change)}, 95 % interval {change_interval(found.interval)}."


def _models_section(comparison: Comparison) -> Html:
    refusals = [
        tag("li", tag("b", model.name), f": {reason}")
        for model in comparison.models
        for reason in model.reasons
    ]
    return join(
        tag("h3", "Quality"),
        table(
            QUALITY_HEADERS,
            quality_rows(comparison),
            caption="mIoU of each model, against the first",
        ),
        tag(
            "p",
            "The interval is where the number would lie for other cars, cases or scenes"
            " of the same kind. A difference is shown where its interval leaves out 0;"
            " it is paired: both models are redrawn with the same photos, so it is"
            " narrower than the two models' own intervals suggest.",
            class_="soft",
        ),
        tag("h3", "Networks, latency and verdicts"),
        table(
            MODEL_HEADERS,
            model_rows(comparison),
            caption="What each model is, how fast it answers, what was decided",
        ),
        tag("ul", *refusals) if refusals else "",
    )
