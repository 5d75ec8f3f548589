"""The page's table of spoiled photos: how much of the score is left."""

from __future__ import annotations

import math

from components.evaluation_report.corruption_slices import (
    KeptPerformance,
    kept_performance,
)
from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_cells import number_cell, with_interval
from components.evaluation_report.number_text import NOTHING, percent
from components.evaluation_report.report_facts import ReportFacts
from components.segmentation_metrics.bootstrap import Interval
from components.segmentation_metrics.corruption import (
    Corruption,
)

_OFF = (
    "The test photos were not spoiled on purpose. To measure what blur, noise, snow,"
    " frost, fog, brightness and jpeg cost, set evaluate.corruptions to a list of them;"
    " evaluate.corruption_strengths chooses the strengths. Each strength of each kind"
    " takes as long as the test split itself."
)


def corruptions_section(facts: ReportFacts) -> Html:
    """Returns mIoU on spoiled photos relative to clean ones, by kind and strength."""
    kept = kept_performance(facts.measured)
    if kept is None:
        return tag("p", _OFF, class_="soft")
    strengths = sorted({one.strength for one in kept.found.by_corruption})
    kinds = dict.fromkeys(one.kind for one in kept.found.by_corruption)
    rows = [_row(kept, kind, strengths) for kind in kinds]
    overall = _cell(kept, kept.found.overall, kept.overall_interval())
    return join(
        tag(
            "p",
            "Percent of the mIoU that is left when the same photos are spoiled; 100 %"
            " loses nothing. Mean over the strengths of a kind, then over the kinds: ",
            tag("b", overall),
            ". On clean photos the mIoU is ",
            number_cell(facts, "miou"),
            ".",
        ),
        table(
            ["kind", *(f"strength {one}#" for one in strengths), "mean#"],
            rows,
            caption="mIoU on spoiled photos relative to clean ones",
        ),
    )


def _row(kept: KeptPerformance, kind: str, strengths: list[int]) -> list[str]:
    cells: list[str] = [kind]
    for strength in strengths:
        corruption = Corruption(kind, strength)
        value = kept.found.by_corruption.get(corruption, math.nan)
        known = None if math.isnan(value) else kept.interval_of(corruption)
        cells.append(_cell(kept, value, known))
    mean = kept.found.by_kind[kind]
    return [*cells, _cell(kept, mean, kept.kind_interval(kind))]


def _cell(kept: KeptPerformance, value: float, known: Interval | None) -> Html:
    text = percent(value)
    if text == NOTHING or not kept.drawn:
        return join(text)
    return with_interval(text, known, is_percent=True)
