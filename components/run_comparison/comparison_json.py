"""The JSON form of a comparison: every number that the page shows, by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from components.evaluation_report.split_scores import known_scores
from components.model_gate.measurements import WHOLE, SliceKey
from components.run_comparison.compared_model import ComparedModel
from components.run_comparison.comparison import Comparison
from components.run_comparison.differences import difference, largest_slices
from components.run_comparison.model_rows import FOREGROUND, MIOU


def describe_comparison(comparison: Comparison) -> dict[str, Any]:
    """Returns JSON values; what is not known is null."""
    first = comparison.first
    return {
        "task": comparison.task,
        "examples": _finite(first.test.examples),
        "groups": _finite(first.test.groups),
        "models": [_model(comparison, model) for model in comparison.models],
        "photos": [
            {
                "example_id": photo.example_id,
                "disputed": photo.dispute.share,
                "right": {
                    model.name: right
                    for model, right in zip(
                        comparison.models, photo.dispute.right, strict=True
                    )
                },
            }
            for photo in comparison.photos
        ],
        "photos_asked": comparison.photos_asked,
        "notes": list(comparison.notes),
    }


def compared_numbers(comparison: Comparison) -> list[str]:
    """Returns the names of the numbers that are compared."""
    names = comparison.classes.names
    scores = known_scores(comparison.first.measured.numbers.get(WHOLE, {}))
    return [
        MIOU,
        FOREGROUND,
        *(entry.name for entry in scores),
        *(f"iou/{name}" for name in names),
    ]


def _model(comparison: Comparison, model: ComparedModel) -> dict[str, Any]:
    first = comparison.first
    return {
        "name": model.name,
        "run": model.run_id,
        "made": model.made or None,
        "network": model.network or None,
        "parameters": model.parameters,
        "metrics": {
            name: _number(model, first, name) for name in compared_numbers(comparison)
        },
        "slices": [
            {"slice": dict(key), FOREGROUND: _number(model, first, FOREGROUND, key)}
            for key, _ in largest_slices(model, first, FOREGROUND)
        ],
        "serving": dict(model.figures) or None,
        "verdict": model.verdict,
        "reasons": list(model.reasons),
    }


def _number(
    model: ComparedModel, first: ComparedModel, name: str, key: SliceKey = ()
) -> Mapping[str, Any]:
    known = model.interval(name, key)
    against = None
    if model is not first:
        against = difference(model, first, name, key).to_dict()
    return {
        "value": _finite(model.number(name, key)),
        "low": known.low if known else None,
        "high": known.high if known else None,
        "against_first": against,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
