"""The page's confusion matrix: what became of every class's pixels."""

from __future__ import annotations

import numpy as np

from components.evaluation_report.markup import Html, join, scroll_box, table, tag
from components.evaluation_report.number_text import NOTHING, count, percent
from components.evaluation_report.page_style import HEAT_STEPS
from components.evaluation_report.report_facts import ReportFacts
from components.segmentation_metrics import confusion

_MOST_CLASSES = 40
_LARGEST = 10
_CAPTION = "Percent of each true class by predicted class"


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
        scroll_box(
            tag(
                "table",
                tag("caption", _CAPTION),
                tag("thead", head),
                tag("tbody", *rows),
            ),
            _CAPTION,
            "heat",
        ),
        _largest(facts.matrix, titles),
    )


def _largest(matrix: confusion.Matrix, titles: list[str]) -> Html:
    """Returns the cells beside the diagonal that hold most pixels."""
    wrong = matrix.copy()
    np.fill_diagonal(wrong, 0)
    places = np.argsort(-wrong, axis=None, kind="stable")[:_LARGEST]
    totals = confusion.true_pixels(matrix)
    rows = []
    for place in places:
        row, column = (int(index) for index in np.unravel_index(place, wrong.shape))
        pixels = int(wrong[row, column])
        if pixels:
            share = percent(pixels / int(totals[row]))
            rows.append([titles[row], titles[column], count(pixels), share])
    if not rows:
        return tag("p", "No pixel was confused.", class_="soft")
    return table(
        ["truth", "predicted as", "pixels#", "of the true class#"],
        rows,
        caption="The largest confusions",
    )


def _shown_classes(matrix: confusion.Matrix) -> list[int]:
    """Returns the classes with most pixels, in order of their ids."""
    weight = confusion.true_pixels(matrix) + confusion.predicted_pixels(matrix)
    largest = np.argsort(-weight, kind="stable")[:_MOST_CLASSES]
    return sorted(int(class_id) for class_id in largest)


def _words(shown: int, classes: int) -> str:
    words = (
        "Percent of each true class's pixels (a row) that were predicted as the"
        " column's class. Rest the pointer on a cell for the number of pixels; those"
        " of the largest confusions stand below, all in metrics.json."
    )
    if shown < classes:
        words += f" The {shown} largest of {classes} classes are shown."
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
