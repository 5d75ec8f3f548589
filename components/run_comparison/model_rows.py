"""The rows of a comparison's tables, the same in the terminal and on the page.

A header that ends in `#` is of numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from components.evaluation_report.number_text import NOTHING, between, count, score
from components.run_comparison.change_text import (
    change,
    change_interval,
    milliseconds,
)
from components.run_comparison.compared_model import (
    LATENCY_P50,
    LATENCY_P95,
    ComparedModel,
)
from components.run_comparison.comparison import Comparison
from components.run_comparison.differences import difference

MIOU = "miou"
FOREGROUND = "foreground_miou"
QUALITY_HEADERS = (
    "model",
    "mIoU#",
    "95 % interval#",
    "foreground mIoU#",
    "against the first#",
    "95 % interval#",
    "shows",
)
MODEL_HEADERS = (
    "model",
    "made",
    "network",
    "parameters#",
    "p50 ms#",
    "p95 ms#",
    "verdict",
)


def quality_rows(comparison: Comparison) -> list[list[str]]:
    """Returns the numbers of each model, in the order in which they were named."""
    return [
        [
            model.name,
            score(model.number(MIOU)),
            between(model.interval(MIOU)),
            score(model.number(FOREGROUND)),
            *_against(comparison, model),
        ]
        for model in comparison.models
    ]


def model_rows(comparison: Comparison) -> list[list[str]]:
    """Returns what each model is, how fast it was served and what was decided."""
    return [
        [
            model.name,
            model.made or NOTHING,
            model.network or NOTHING,
            count(model.parameters),
            milliseconds(model.figure(LATENCY_P50)),
            milliseconds(model.figure(LATENCY_P95)),
            model.verdict,
        ]
        for model in comparison.models
    ]


def _against(comparison: Comparison, model: ComparedModel) -> Iterator[str]:
    if model is comparison.first:
        yield from (NOTHING, NOTHING, "the first")
        return
    found = difference(model, comparison.first, MIOU)
    yield change(found.change)
    yield change_interval(found.interval)
    yield found.word
