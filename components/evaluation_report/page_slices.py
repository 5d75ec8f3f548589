"""The page's numbers of every slice: where the model is weaker than on the whole."""

from __future__ import annotations

import math
from collections.abc import Mapping

from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_text import count, percent, score
from components.evaluation_report.report_facts import ReportFacts

_ROWS_PER_FEATURE = 40

Row = tuple[str, Mapping[str, float]]  # a slice in words, its numbers


def slices_section(facts: ReportFacts) -> Html:
    """Returns a table per slicing feature, the weakest slice first."""
    by_feature: dict[str, list[Row]] = {}
    for key, numbers in facts.numbers.items():
        if key:
            feature = ", ".join(name for name, _ in key)
            value = ", ".join(value or "(none)" for _, value in key)
            by_feature.setdefault(feature, []).append((value, numbers))
    if not by_feature:
        return tag("p", "The Evaluator measured no slices.", class_="soft")
    return join(*(_feature(name, rows) for name, rows in sorted(by_feature.items())))


def _feature(feature: str, rows: list[Row]) -> Html:
    ordered = sorted(rows, key=_weakest_first)
    cells = [
        [
            value,
            count(numbers.get("examples")),
            score(numbers.get("foreground_miou")),
            score(numbers.get("miou")),
            percent(numbers.get("pixel_accuracy")),
            _weakest_class(numbers),
        ]
        for value, numbers in ordered[:_ROWS_PER_FEATURE]
    ]
    rest = len(ordered) - len(cells)
    more = tag("p", f"{rest:,} more in metrics.json", class_="soft") if rest else ""
    headers = [
        "",
        "photos#",
        "foreground mIoU#",
        "mIoU#",
        "pixel accuracy#",
        "weakest class",
    ]
    return join(tag("h3", f"by {feature}"), table([feature, *headers[1:]], cells), more)


def _weakest_first(row: Row) -> tuple[float, str]:
    value = row[1].get("foreground_miou", math.nan)
    return (math.inf if math.isnan(value) else value, row[0])


def _weakest_class(numbers: Mapping[str, float]) -> str:
    known = [
        (value, name.partition("/")[2])
        for name, value in numbers.items()
        if name.startswith("iou/") and not math.isnan(value)
    ]
    if not known:
        return score(None)
    value, name = min(known)
    return f"{name} {score(value)}"
