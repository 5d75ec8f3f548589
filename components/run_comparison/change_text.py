"""Differences and latencies as table and page write them.

Four digits: good models differ in the third.
"""

from __future__ import annotations

import math

from components.evaluation_report.number_text import NOTHING
from components.segmentation_metrics.bootstrap import Interval


def change(value: float) -> str:
    """Returns a difference with its sign, a dash where there is none.

    Example:
        >>> change(0.01234), change(-0.5), change(float("nan"))
        ('+0.0123', '-0.5000', '-')
    """
    return NOTHING if math.isnan(value) else f"{value:+.4f}"


def change_interval(known: Interval | None) -> str:
    """Returns where a difference lies.

    Example:
        >>> change_interval(Interval(low=-0.01, high=0.02))
        '-0.0100 to +0.0200'
    """
    return NOTHING if known is None else f"{change(known.low)} to {change(known.high)}"


def milliseconds(value: float | None) -> str:
    """Returns a latency.

    Example:
        >>> milliseconds(12.345), milliseconds(None)
        ('12.3', '-')
    """
    return NOTHING if value is None else f"{value:.1f}"
