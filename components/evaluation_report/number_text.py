"""Numbers as the page writes them."""

from __future__ import annotations

import math

from components.segmentation_metrics.bootstrap import Interval

_TO = "\N{EN DASH}"
_WIDE = 0.02  # from here on two digits tell the ends apart

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


def between(
    interval: Interval | None, *, is_percent: bool = False, with_sign: bool = False
) -> str:
    """Returns an interval's ends, a dash where it is not known.

    Two digits, three for a narrow one; three with signs where an end is below 0.

    Example:
        >>> between(Interval(low=0.6789, high=0.7412)), between(None)
        ('0.68–0.74', '-')
        >>> between(Interval(low=0.971, high=0.982), is_percent=True)
        '97.1–98.2 %'
        >>> between(Interval(low=-0.0034, high=0.0021))
        '-0.003 to +0.002'
        >>> between(Interval(low=0.1, high=0.14), with_sign=True)
        '+0.100 to +0.140'
    """
    if interval is None or not interval.is_known:
        return NOTHING
    low, high = interval.low, interval.high
    if is_percent:
        return f"{100 * low:.1f}{_TO}{100 * high:.1f} %"
    if with_sign or low < 0:  # how near to 0 an end lies matters here
        return f"{low:+.3f} to {high:+.3f}"
    digits = 2 if high - low >= _WIDE else 3
    return f"{low:.{digits}f}{_TO}{high:.{digits}f}"


def signed(value: float | None) -> str:
    """Returns a difference with its sign.

    Example:
        >>> signed(0.0123), signed(-0.5), signed(None)
        ('+0.012', '-0.500', '-')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    return f"{value:+.3f}"


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
