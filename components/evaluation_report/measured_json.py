"""The parts of `metrics.json` that say how sure the numbers are, and what they cost."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from components.evaluation_report.centre_bias import centre_bias
from components.evaluation_report.corruption_slices import METRIC, kept_performance
from components.evaluation_report.number_intervals import number_change
from components.evaluation_report.page_calibration import read_reliability
from components.evaluation_report.page_decisions import decision_rows
from components.evaluation_report.report_facts import ReportFacts
from components.model_gate.intervals import number_interval
from components.model_gate.measurements import WHOLE, SliceKey
from components.segmentation_metrics.bootstrap import Interval
from components.segmentation_metrics.decision_table import cheapest


def describe_intervals(
    facts: ReportFacts, key: SliceKey = WHOLE
) -> dict[str, list[float]]:
    """Returns the ends of every interval that is known, by the number's name."""
    found = {
        name: number_interval(facts.measured, name, key)
        for name in sorted(facts.measured.replicates.get(key, {}))
    }
    return {name: _ends(known) for name, known in found.items() if known}


def describe_groups(facts: ReportFacts) -> dict[str, Any] | None:
    """Returns groups of all photos, and of those that show each class."""
    if "groups" not in facts.whole:
        return None
    by_class = {name: facts.whole.get(f"groups/{name}") for name in facts.classes.names}
    return {"all": facts.whole["groups"], "classes": by_class}


def describe_reliability(facts: ReportFacts) -> list[dict[str, float]] | None:
    """Returns the bins of the reliability diagram; an empty bin has NaN."""
    found = read_reliability(facts)
    if found is None:
        return None
    columns = {name: values.tolist() for name, values in found._asdict().items()}
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]


def describe_centre_bias(facts: ReportFacts) -> dict[str, Any] | None:
    """Returns how far the model is above the mean mask, in foreground mIoU."""
    found = centre_bias(facts)
    return dataclasses.asdict(found) if found else None


def describe_decisions(facts: ReportFacts) -> dict[str, Any] | None:
    """Returns the table of thresholds, its costs and its cheapest row."""
    rows = decision_rows(facts)
    if not rows:
        return None
    best = cheapest(rows)
    return {
        "costs": facts.costs.to_dict() if facts.costs else None,
        "rows": [dataclasses.asdict(row) for row in rows],
        "cheapest": dataclasses.asdict(best) if best else None,
    }


def describe_relative_performance(facts: ReportFacts) -> dict[str, Any] | None:
    """Returns what is left of mIoU on spoiled photos; None where none were spoiled."""
    kept = kept_performance(facts.measured)
    if kept is None:
        return None
    found, overall = kept.found, kept.overall_interval()
    measured_kinds = dict.fromkeys(one.kind for one in found.by_corruption)
    return {
        "metric": METRIC,
        "overall": found.overall,
        "overall_interval": _ends(overall) if overall else None,
        "by_kind": {kind: found.by_kind[kind] for kind in measured_kinds},
        "by_corruption": {
            one.label: value for one, value in found.by_corruption.items()
        },
    }


def describe_change(facts: ReportFacts) -> dict[str, Any] | None:
    """Returns differences to the live model; None where there is none."""
    before = facts.before
    if before is None:
        return None
    changes: dict[str, Any] = {}
    for name in _compared(facts):
        change = number_change(facts.measured, before, name)
        if change:
            known = change.interval
            changes[name] = {
                "difference": change.difference,
                "interval": _ends(known) if known else None,
            }
    return changes


def _compared(facts: ReportFacts) -> Iterable[str]:
    classes = (f"iou/{name}" for name in facts.classes.names)
    return ("miou", "foreground_miou", "pixel_accuracy", *classes)


def _ends(interval: Interval) -> list[float]:
    return [interval.low, interval.high]
