"""What `carseg compare` prints: two tables of the models, and what to know of them."""

from __future__ import annotations

from collections.abc import Sequence

from components.run_comparison.comparison import Comparison
from components.run_comparison.model_rows import (
    MODEL_HEADERS,
    QUALITY_HEADERS,
    model_rows,
    quality_rows,
)
from tfx_pipeline.cli.table import table


def describe(comparison: Comparison) -> str:
    """Returns the text for a terminal."""
    test = comparison.first.test
    blocks = [
        f"task {comparison.task}, {test.examples:.0f} test photos",
        _table(QUALITY_HEADERS, quality_rows(comparison)),
        _table(MODEL_HEADERS, model_rows(comparison)),
        *comparison.notes,
    ]
    return "\n\n".join(blocks)


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return table([header.rstrip("#") for header in headers], rows)
