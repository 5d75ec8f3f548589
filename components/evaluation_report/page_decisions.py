"""The page's table of thresholds: what is decided without a person, at what cost."""

from __future__ import annotations

from collections.abc import Sequence

from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_cells import number_cell
from components.evaluation_report.number_text import percent, plain
from components.evaluation_report.report_facts import ReportFacts
from components.segmentation_metrics.decision_table import (
    DecisionRow,
    cheapest,
    decision_table,
)
from components.segmentation_metrics.decisions import DecisionMeasure

_WORDS = (
    "A photo is decided without a person if the served confidence reaches the threshold"
    " of the confidence; something is said to be there if more than the threshold of"
    " the area is predicted as foreground. Missed: something is there and nothing was"
    " said. False alarm: nothing is there and something was said. All are shares of all"
    " test photos."
)
_NO_COSTS = (
    "No costs are known. To see the cost per photo and the cheapest thresholds, set"
    " evaluate.costs to the numbers automatic, manual, missed and false_alarm, all in"
    " one unit."
)
_NO_BACKGROUND = (
    "The classes have no background, so something is in every photo: there can be no"
    " false alarm."
)


def decisions_section(facts: ReportFacts) -> Html:
    """Returns a row per threshold of the confidence, and all pairs below."""
    rows = decision_rows(facts)
    if not rows:
        return tag("p", "The evaluation holds no decisions.", class_="soft")
    best, least_area = cheapest(rows), rows[0].area
    shown = [row for row in rows if row.area == least_area or row is best]
    has_costs = facts.costs is not None
    words = [_WORDS, *([_NO_BACKGROUND] if facts.classes.background_id is None else [])]
    return join(
        tag("p", " ".join(words), class_="soft"),
        tag("p", _cost_words(facts, best)),
        table(
            _headers(has_costs),
            [
                _row(facts, row, best, has_interval=row.area == least_area)
                for row in shown
            ],
            caption="Decisions by threshold of the confidence",
        ),
        tag(
            "details",
            tag("summary", f"All {len(rows)} pairs of thresholds"),
            table(
                _headers(has_costs),
                [_row(facts, row, best, has_interval=False) for row in rows],
                caption="Decisions by both thresholds",
            ),
        ),
    )


def decision_rows(facts: ReportFacts) -> list[DecisionRow]:
    """Returns what each pair of thresholds does; empty where no photo counted."""
    sums = facts.sums("decisions")
    if sums is None:
        return []
    return decision_table(sums, DecisionMeasure(classes=facts.classes), facts.costs)


def _headers(has_costs: bool) -> list[str]:
    return [
        "confidence from",
        "area above#",
        "decided automatically#",
        "missed#",
        "false alarms#",
        *(["cost per photo#"] if has_costs else []),
    ]


def _row(
    facts: ReportFacts,
    row: DecisionRow,
    best: DecisionRow | None,
    *,
    has_interval: bool,
) -> Sequence[str]:
    """Returns cells; intervals are known for the least threshold of the area only."""
    title = plain(row.confidence)
    shares = {
        "auto_share": row.auto_share,
        "missed_share": row.missed_share,
        "false_alarm_share": row.false_alarm_share,
    }
    return [
        join(title, " ", tag("b", "cheapest", class_="good")) if row is best else title,
        percent(row.area),
        *(
            number_cell(facts, f"{name}/{row.confidence:g}", is_percent=True)
            if has_interval
            else percent(value)
            for name, value in shares.items()
        ),
        *([plain(row.cost_per_photo)] if facts.costs else []),
    ]


def _cost_words(facts: ReportFacts, best: DecisionRow | None) -> str:
    if facts.costs is None:
        return _NO_COSTS
    costs = ", ".join(
        f"{name.replace('_', ' ')} {plain(float(value))}"
        for name, value in facts.costs.to_dict().items()
    )
    words = f"Costs of a photo: {costs}."
    if best is None:
        return words
    return (
        f"{words} The cheapest pair is confidence from {plain(best.confidence)} and"
        f" area above {percent(best.area)}: {plain(best.cost_per_photo)} per photo; a"
        f" person for every photo would cost {plain(float(facts.costs.manual))}."
    )
