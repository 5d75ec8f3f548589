"""The page's numbers of every class, with a bar."""

from __future__ import annotations

import math

from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_text import count, percent, score
from components.evaluation_report.report_facts import ReportFacts
from components.segmentation_metrics import confusion


def classes_section(facts: ReportFacts) -> Html:
    """Returns IoU, Dice, precision, recall and support by class."""
    matrix = facts.matrix
    columns = zip(
        facts.classes.names,
        confusion.iou(matrix),
        confusion.dice(matrix),
        confusion.precision(matrix),
        confusion.recall(matrix),
        confusion.true_pixels(matrix),
        strict=True,
    )
    whole = int(matrix.sum())
    rows = [
        [
            join(swatch(class_id), name),
            score(iou),
            _bar(iou),
            score(dice),
            score(precision),
            score(recall),
            count(pixels),
            percent(pixels / whole if whole else None),
        ]
        for class_id, (name, iou, dice, precision, recall, pixels) in enumerate(columns)
    ]
    headers = [
        "class",
        "IoU#",
        "",
        "Dice#",
        "precision#",
        "recall#",
        "true px#",
        "share#",
    ]
    return join(
        tag(
            "p",
            "Over the pixels of all test photos together; void is not counted. A dash:"
            " the class is neither in the truth nor in the prediction.",
            class_="soft",
        ),
        table(headers, rows),
    )


def swatch(class_id: int) -> Html:
    """Returns a small square in the class's colour."""
    return tag("span", class_=f"swatch c{class_id}", aria_hidden="true")


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
