"""The content of `metrics.json`: every number of the report by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from components.evaluation_report.decisions import is_blessed, list_decisions
from components.evaluation_report.measured_json import (
    describe_centre_bias,
    describe_change,
    describe_decisions,
    describe_groups,
    describe_intervals,
    describe_relative_performance,
    describe_reliability,
)
from components.evaluation_report.named_numbers import named_numbers
from components.evaluation_report.photo_choice import Choice
from components.evaluation_report.report_facts import ReportFacts
from components.model_gate.measurements import WHOLE
from components.model_packager.figures import list_figures
from components.segmentation_metrics import confusion


def describe_metrics(facts: ReportFacts) -> dict[str, Any]:
    """Returns JSON values; NaN and infinity become null."""
    decisions = list_decisions(facts)
    names = facts.classes.names
    pixels = confusion.true_pixels(facts.matrix)
    content = {
        "task": facts.task,
        "blessed": is_blessed(decisions),
        "reasons": [reason for entry in decisions for reason in entry.reasons],
        "metrics": dict(facts.whole),
        "intervals": describe_intervals(facts),
        "groups": describe_groups(facts),
        "change": describe_change(facts),
        "centre_bias": describe_centre_bias(facts),
        "baseline": dict(facts.live.numbers.get(WHOLE, {})) or None,
        "support_px": dict(zip(names, pixels.tolist(), strict=True)),
        "slices": _slices(facts),
        "reliability": describe_reliability(facts),
        "decisions": describe_decisions(facts),
        "relative_performance": describe_relative_performance(facts),
        "confusion_matrix": {
            "rows_true": list(names),
            "columns_predicted": [*names, None],  # the last is void or unknown
            "pixels": facts.matrix.tolist(),
        },
        "photos": [_photo(choice, names) for choice in facts.photos.choices],
        "training": dict(facts.history) if facts.history else None,
        "audit": named_numbers(facts.audit) if facts.audit else None,
        "serving": named_numbers(facts.validation) if facts.validation else None,
        "notes": facts.notes,
    }
    return _finite(content)


def _slices(facts: ReportFacts) -> list[dict[str, Any]]:
    return [
        {**entry, "intervals": describe_intervals(facts, key)}
        for entry in list_figures(facts.measured.numbers)
        if (key := tuple(sorted(entry["slice"].items())))
    ]


def _photo(choice: Choice, names: tuple[str, ...]) -> dict[str, Any]:
    """Returns what a photo is shown for; of a slice its score is over all classes."""
    common = {"kind": choice.kind, "example_id": choice.photo.example_id}
    if choice.slice is not None:
        score = choice.photo.iou
        return {"slice": dict(choice.slice), **common, "foreground_miou": score}
    return {"class": names[choice.class_id], **common, "iou": choice.photo.iou}


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
