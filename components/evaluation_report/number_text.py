"""Numbers as the page writes them."""

from __future__ import annotations

import math

NOTHING = "-"


def score(value: float | None) -> str:
    """Returns a share or score with three digits, a dash where there is none.

    Example:
        >>> score(0.98765), score(float("nan")), score(None)
        ('0.988', '-', '-')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    return f"{value:.3f}"


def count(value: float | None) -> str:
    """Returns a whole number with separators, a dash where there is none.

    Example:
        >>> count(1234567.0), count(None)
        ('1,234,567', '-')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    return f"{value:,.0f}"


def percent(value: float | None) -> str:
    """Returns a share in percent.

    Example:
        >>> percent(0.1234), percent(float("nan"))
        ('12.3 %', '-')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    return f"{100 * value:.1f} %"


def plain(value: object) -> str:
    """Returns any JSON value in a table's cell.

    Example:
        >>> plain(True), plain(None), plain(0.12345678), plain(12), plain("a")
        ('yes', '-', '0.1235', '12', 'a')
    """
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return count(value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)
