"""The page's numbers of objects: which sizes are found, how well they are counted."""

from __future__ import annotations

from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_cells import groups_cell, number_cell
from components.evaluation_report.page_classes import swatch
from components.evaluation_report.report_facts import ReportFacts
from components.segmentation_metrics.foreground import foreground_ids
from components.segmentation_metrics.objects import SIZES, ObjectMeasure

_WORDS = (
    "An object is a piece of one class whose pixels touch. Small: below"
    f" {100 * ObjectMeasure.small_share:g} % of the photo; large:"
    f" {100 * ObjectMeasure.large_share:g} % or more. Found: at least"
    f" {100 * ObjectMeasure.found_share:g} % of its pixels were predicted as its class."
    " Count error: how many objects too many or too few a photo has on"
    " average; count bias: the same with the sign, above 0 where too many are seen. A"
    " dash: the test photos show no such object. Beside what was found: the groups that"
    " show objects of the size."
)


def objects_section(facts: ReportFacts) -> Html:
    """Returns recall by size, count error and bias, over all classes and by class."""
    if "count_error" not in facts.whole:
        return tag("p", "The evaluation counted no objects.", class_="soft")
    every = ["all classes", *_numbers(facts, ""), _groups(facts, "groups")]
    rows = [every]
    for class_id in foreground_ids(facts.classes):
        name = facts.classes.names[class_id]
        title = join(swatch(class_id), name)
        rows.append(
            [title, *_numbers(facts, f"/{name}"), _groups(facts, f"groups/{name}")]
        )
    return join(
        tag("p", _WORDS, class_="soft"),
        table(
            [
                "class",
                *(f"{size} found#" for size in SIZES),
                "count error#",
                "count bias#",
                "groups#",
            ],
            rows,
            caption="Objects by class",
        ),
    )


def _numbers(facts: ReportFacts, suffix: str) -> list[Html]:
    recalls = [_recall(facts, f"object_recall_{size}{suffix}") for size in SIZES]
    counts = [
        number_cell(facts, f"{name}{suffix}") for name in ("count_error", "count_bias")
    ]
    return [*recalls, *counts]


def _recall(facts: ReportFacts, name: str) -> Html:
    """Returns a recall with the groups that show objects of the size."""
    cell = number_cell(facts, name, is_percent=True)
    groups = facts.whole.get(f"groups/{name}")
    if not groups:
        return cell
    return join(cell, tag("small", " in groups: ", _groups(facts, f"groups/{name}")))


def _groups(facts: ReportFacts, name: str) -> Html:
    return groups_cell(facts, facts.whole.get(name))
