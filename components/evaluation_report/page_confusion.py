"""The page's confusion matrix: what became of every class's pixels."""

from __future__ import annotations

import numpy as np

from components.evaluation_report.markup import Html, join, tag
from components.evaluation_report.number_text import NOTHING, count, percent
from components.evaluation_report.page_style import HEAT_STEPS
from components.evaluation_report.report_facts import ReportFacts
from components.segmentation_metrics import confusion

_MOST_CLASSES = 40


def confusion_section(facts: ReportFacts) -> Html:
    """Returns the matrix, each row as shares of the class's true pixels."""
    shown = _shown_classes(facts.matrix)
    names = facts.classes.names
    with_void = bool(facts.matrix[:, -1].any())
    columns = [*shown, *([len(names)] if with_void else [])]
    titles = [*names, "void or unknown"]
    head = tag(
        "tr",
        tag("th", "truth \\ prediction", scope="col"),
        *(tag("th", titles[column], scope="col") for column in columns),
    )
    totals = confusion.true_pixels(facts.matrix)
    rows = [
        tag(
            "tr",
            tag("th", names[row], scope="row"),
            *(
                _cell(
                    int(facts.matrix[row, column]),
                    int(totals[row]),
                    f"{names[row]} seen as {titles[column]}",
                )
                for column in columns
            ),
        )
        for row in shown
    ]
    return join(
        tag("p", _words(len(shown), len(names)), class_="soft"),
        tag(
            "div",
            tag("table", tag("thead", head), tag("tbody", *rows)),
            class_="scroll heat",
        ),
    )


def _shown_classes(matrix: confusion.Matrix) -> list[int]:
    """Returns the classes with most pixels, in order of their ids."""
    weight = confusion.true_pixels(matrix) + confusion.predicted_pixels(matrix)
    largest = np.argsort(-weight, kind="stable")[:_MOST_CLASSES]
    return sorted(int(class_id) for class_id in largest)


def _words(shown: int, classes: int) -> str:
    words = (
        "Percent of each true class's pixels (a row) that were predicted as the"
        " column's class. Rest the pointer on a cell for the number of pixels."
    )
    if shown < classes:
        words += f" The {shown} largest of {classes} classes; all in metrics.json."
    return words


def _cell(pixels: int, total: int, words: str) -> Html:
    if not total:
        title = f"{words}: {count(pixels)} px; the class is in no true mask"
        return tag("td", NOTHING, title=title)
    share = pixels / total
    return tag(
        "td",
        f"{100 * share:.1f}" if pixels else "0",
        class_=f"h{round(share * HEAT_STEPS)}",
        title=f"{words}: {count(pixels)} px ({percent(share)})",
    )
