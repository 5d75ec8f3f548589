"""The page's numbers of every slice: where the model is weaker than on the whole."""

from __future__ import annotations

import math
from collections.abc import Mapping

from components.evaluation_report.corruption_slices import is_corruption
from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_cells import groups_cell, number_cell
from components.evaluation_report.number_text import count, score
from components.evaluation_report.report_facts import ReportFacts
from components.model_gate.measurements import SliceKey

_ROWS_PER_FEATURE = 40


def slices_section(facts: ReportFacts) -> Html:
    """Returns a table per slicing feature, the weakest slice first."""
    by_feature: dict[str, list[SliceKey]] = {}
    for key in facts.measured.numbers:
        if key and not is_corruption(key):
            feature = ", ".join(name for name, _ in key)
            by_feature.setdefault(feature, []).append(key)
    if not by_feature:
        return tag("p", "The Evaluator measured no slices.", class_="soft")
    return join(
        *(_feature(facts, name, keys) for name, keys in sorted(by_feature.items()))
    )


def slice_value(key: SliceKey) -> str:
    """Returns what the photos of a slice have in common.

    Example:
        >>> slice_value((("view", "front"),)), slice_value((("view", ""),))
        ('front', '(none)')
    """
    return ", ".join(value or "(none)" for _, value in key)


def _feature(facts: ReportFacts, feature: str, keys: list[SliceKey]) -> Html:
    ordered = sorted(keys, key=lambda key: _weakest_first(facts, key))
    rows = [_row(facts, key) for key in ordered[:_ROWS_PER_FEATURE]]
    rest = len(ordered) - len(rows)
    more = tag("p", f"{rest:,} more in metrics.json", class_="soft") if rest else ""
    headers = [
        feature,
        "photos#",
        "groups#",
        "foreground mIoU#",
        "mIoU#",
        "pixel accuracy#",
        "weakest class",
    ]
    caption = f"Scores by {feature}, the weakest first"
    return join(tag("h3", f"by {feature}"), table(headers, rows, caption=caption), more)


def _row(facts: ReportFacts, key: SliceKey) -> list[str]:
    numbers = facts.measured.numbers[key]
    return [
        slice_value(key),
        count(numbers.get("examples")),
        groups_cell(facts, numbers.get("groups")),
        number_cell(facts, "foreground_miou", key),
        number_cell(facts, "miou", key),
        number_cell(facts, "pixel_accuracy", key, is_percent=True),
        _weakest_class(facts, key),
    ]


def _weakest_first(facts: ReportFacts, key: SliceKey) -> tuple[float, str]:
    value = facts.measured.numbers[key].get("foreground_miou", math.nan)
    return (math.inf if math.isnan(value) else value, slice_value(key))


def _weakest_class(facts: ReportFacts, key: SliceKey) -> str:
    numbers: Mapping[str, float] = facts.measured.numbers[key]
    known = [
        (value, name.partition("/")[2])
        for name, value in numbers.items()
        if name.startswith("iou/") and not math.isnan(value)
    ]
    if not known:
        return score(None)
    _, name = min(known)
    return join(f"{name} ", number_cell(facts, f"iou/{name}", key))
