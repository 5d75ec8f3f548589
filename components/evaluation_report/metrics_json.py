"""The content of `metrics.json`: every number of the report by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from components.evaluation_report.decisions import is_blessed, list_decisions
from components.evaluation_report.named_numbers import named_numbers
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
        "baseline": dict(facts.baseline.get(WHOLE, {})) or None,
        "support_px": dict(zip(names, pixels.tolist(), strict=True)),
        "slices": [entry for entry in list_figures(facts.numbers) if entry["slice"]],
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


def _photo(choice: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "class": names[choice.class_id],
        "kind": choice.kind,
        "example_id": choice.photo.example_id,
        "iou": choice.photo.iou,
    }


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
