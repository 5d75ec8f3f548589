"""The page's numbers of every class, with a bar."""

from __future__ import annotations

import math

from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_cells import (
    change_cell,
    groups_cell,
    number_cell,
)
from components.evaluation_report.number_intervals import number_change
from components.evaluation_report.number_text import count, percent
from components.evaluation_report.report_facts import ReportFacts
from components.segmentation_metrics import confusion

_SCORES = {"iou": "IoU", "dice": "Dice", "precision": "precision", "recall": "recall"}


def classes_section(facts: ReportFacts) -> Html:
    """Returns IoU, Dice, precision, recall and support by class."""
    true_px = confusion.true_pixels(facts.matrix)
    rows = [
        _row(facts, class_id, name, int(true_px[class_id]))
        for class_id, name in enumerate(facts.classes.names)
    ]
    change = ["IoU against last#"] if facts.before else []
    scores = [f"{title}#" for title in _SCORES.values()]
    headers = ["class", scores[0], "as a bar", *change, *scores[1:]]
    return join(
        tag(
            "p",
            "Over the pixels of all test photos together; void is not counted. A dash"
            " for a score: the class is neither in the truth nor in the prediction."
            " Groups: those with photos that show the class.",
            class_="soft",
        ),
        table(
            [*headers, "groups#", "true px#", "share#"],
            rows,
            caption="Scores by class",
        ),
    )


def swatch(class_id: int) -> Html:
    """Returns a small square in the class's colour."""
    return tag("span", class_=f"swatch c{class_id}", aria_hidden="true")


def _row(facts: ReportFacts, class_id: int, name: str, true_px: int) -> list[str]:
    scores = [number_cell(facts, f"{metric}/{name}") for metric in _SCORES]
    change = []
    if facts.before:
        moved = number_change(facts.measured, facts.before, f"iou/{name}")
        change.append(change_cell(moved))
    whole = int(facts.matrix.sum())
    return [
        join(swatch(class_id), name),
        scores[0],
        _bar(facts.whole.get(f"iou/{name}", math.nan)),
        *change,
        *scores[1:],
        groups_cell(facts, facts.whole.get(f"groups/{name}")),
        count(true_px),
        percent(true_px / whole if whole else None),
    ]


def _bar(share: float) -> Html:
    width = 0.0 if math.isnan(share) else 100 * share
    return tag(
        "svg",
        tag("rect", width=f"{width:.1f}", height=8, class_="filled"),
        class_="bar",
        viewBox="0 0 100 8",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
