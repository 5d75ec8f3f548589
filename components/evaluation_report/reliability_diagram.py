"""The reliability diagram as SVG: bars that lie on the diagonal where scores hold."""

from __future__ import annotations

import math
from collections.abc import Iterator

from components.evaluation_report.markup import Html, tag
from components.evaluation_report.number_text import percent
from components.segmentation_metrics.calibration import Reliability

_SIDE = 240  # of the plot
_LEFT, _TOP, _RIGHT, _BOTTOM = 56, 10, 10, 40
_GAP = 1.0
_RARE = 0.01  # of all pixels
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def draw_reliability(found: Reliability) -> Html:
    """Returns a figure: a bar per bin as high as the share of it that is right."""
    picture = tag(
        "svg",
        *_axes(),
        *_bars(found),
        _line(0.0, 0.0, 1.0, 1.0, "diagonal"),
        viewBox=f"0 0 {_LEFT + _SIDE + _RIGHT} {_TOP + _SIDE + _BOTTOM}",
        role="img",
        aria_label=_in_words(found),
    )
    caption = tag(
        "figcaption",
        "Bars: share of pixels that are right, by confidence. Broken line: where they"
        " would end if every score held. Hollow: fewer than 1 % of the pixels.",
    )
    return tag("figure", picture, caption, class_="reliability")


def _bars(found: Reliability) -> Iterator[Html]:
    bins = len(found.upper)
    for upper, share, accuracy in zip(
        found.upper, found.share, found.accuracy, strict=True
    ):
        if math.isnan(accuracy):
            continue  # an empty bin
        left, height = _LEFT + (upper - 1 / bins) * _SIDE, accuracy * _SIDE
        yield tag(
            "rect",
            tag("title", f"up to {upper:.2f}: {percent(accuracy)} right"),
            x=f"{left + _GAP / 2:.1f}",
            y=f"{_TOP + _SIDE - height:.1f}",
            width=f"{_SIDE / bins - _GAP:.1f}",
            height=f"{height:.1f}",
            class_="filled" if share >= _RARE else "filled rare",
        )


def _axes() -> Iterator[Html]:
    for tick in _TICKS:
        yield _line(0.0, tick, 1.0, tick, "grid")
        yield tag(
            "text", f"{tick:g}", x=_LEFT - 6, y=f"{_y(tick) + 4:.1f}", class_="end"
        )
        yield tag(
            "text",
            f"{tick:g}",
            x=f"{_x(tick):.1f}",
            y=_TOP + _SIDE + 16,
            class_="middle",
        )
    yield tag(
        "text",
        "confidence",
        x=f"{_x(0.5):.1f}",
        y=_TOP + _SIDE + 34,
        class_="middle",
    )
    middle = f"{_y(0.5):.1f}"
    yield tag(
        "text",
        "share right",
        x=12,
        y=middle,
        transform=f"rotate(-90 12 {middle})",
        class_="middle",
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Html:
    return tag(
        "line",
        x1=f"{_x(x1):.1f}",
        y1=f"{_y(y1):.1f}",
        x2=f"{_x(x2):.1f}",
        y2=f"{_y(y2):.1f}",
        class_=kind,
    )


def _x(share: float) -> float:
    return _LEFT + share * _SIDE


def _y(share: float) -> float:
    return _TOP + (1 - share) * _SIDE


def _in_words(found: Reliability) -> str:
    said = [
        f"confidence {percent(confidence)}, right {percent(accuracy)}"
        for confidence, accuracy in zip(found.confidence, found.accuracy, strict=True)
        if not math.isnan(accuracy)
    ]
    return "Reliability diagram: " + "; ".join(said)
