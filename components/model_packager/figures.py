"""The model's numbers by slice, as JSON holds them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from components.model_gate.measurements import Numbers, describe_slice
from components.segmentation_metrics.corruption import CORRUPTION_FEATURE

# What a reader of the card compares; all numbers stand in metrics.json.
HEADLINE_METRICS = ("foreground_miou", "miou")


def list_figures(numbers: Numbers) -> list[dict[str, Any]]:
    """Returns slice and metrics, the whole split first; NaN becomes null.

    Args:
        numbers: By slice and name, as the gate reads them from the evaluation.
    """
    return [
        {
            "slice": dict(key),
            "metrics": {
                name: None if math.isnan(value) else value
                for name, value in sorted(numbers[key].items())
            },
        }
        for key in sorted(numbers, key=lambda key: (len(key), key))
    ]


def name_slice(figure: Mapping[str, Any]) -> str:
    """Returns words for the photos that a figure is about."""
    return describe_slice(tuple(sorted(figure["slice"].items())))


def find_weakest(
    figures: Sequence[Mapping[str, Any]], metric: str
) -> tuple[Mapping[str, Any], float] | None:
    """Returns the slice with the lowest value and that value, None without slices."""
    measured = [
        (figure["metrics"][metric], index)
        for index, figure in enumerate(figures)
        if figure["slice"]
        and CORRUPTION_FEATURE not in figure["slice"]  # spoiled on purpose
        and figure["metrics"].get(metric) is not None
    ]
    if not measured:
        return None
    value, index = min(measured)
    return figures[index], value
