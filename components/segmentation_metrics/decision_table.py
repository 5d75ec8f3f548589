"""Thresholds side by side, each pair with what it decides at what cost."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from components.segmentation_metrics.decision_costs import DecisionCosts
from components.segmentation_metrics.decisions import DecisionMeasure, Outcomes
from components.segmentation_metrics.measure import Sums, ratio


@dataclass(frozen=True, kw_only=True)
class DecisionRow:
    """What one pair of thresholds does; shares are of all photos, NaN without any.

    Attributes:
        confidence: At or above it a photo is decided without a person.
        area: Above this share of foreground something is said to be there.
        auto_share: Decided without a person.
        missed_share: So decided, and what is there was not said.
        false_alarm_share: So decided, and what was said is not there.
        cost_per_photo: Mean over all photos; None where no costs are known.
    """

    confidence: float
    area: float
    auto_share: float
    missed_share: float
    false_alarm_share: float
    cost_per_photo: float | None


def decision_table(
    sums: Sums, measure: DecisionMeasure, costs: DecisionCosts | None = None
) -> list[DecisionRow]:
    """Returns a row for each pair of thresholds, by confidence, then by area.

    Args:
        sums: Of the measure, [size].
        measure: Where the sums come from.
        costs: None leaves the costs out.
    """
    outcomes = measure.outcomes(sums)
    return [
        _row(outcomes, (row, column), confidence, area, costs)
        for row, confidence in enumerate(measure.confidence_steps)
        for column, area in enumerate(measure.area_steps)
    ]


def cheapest(rows: Iterable[DecisionRow]) -> DecisionRow | None:
    """Returns the row that costs least, of equal ones the first; None without costs."""
    priced = [
        (row.cost_per_photo, row)
        for row in rows
        if row.cost_per_photo is not None and not math.isnan(row.cost_per_photo)
    ]
    return min(priced, key=lambda pair: pair[0])[1] if priced else None


def _row(
    outcomes: Outcomes,
    cell: tuple[int, int],
    confidence: float,
    area: float,
    costs: DecisionCosts | None,
) -> DecisionRow:
    auto, missed, false_alarms = (
        float(ratio(counts[cell], outcomes.photos))
        for counts in (outcomes.automatic(), outcomes.missed, outcomes.false_alarms)
    )
    return DecisionRow(
        confidence=confidence,
        area=area,
        auto_share=auto,
        missed_share=missed,
        false_alarm_share=false_alarms,
        cost_per_photo=_cost(auto, missed, false_alarms, costs),
    )


def _cost(
    auto: float, missed: float, false_alarms: float, costs: DecisionCosts | None
) -> float | None:
    if costs is None:
        return None
    return (
        auto * costs.automatic
        + (1 - auto) * costs.manual
        + missed * costs.missed
        + false_alarms * costs.false_alarm
    )
