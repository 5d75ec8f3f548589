"""The page's picture of quality against latency, a point per model."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from components.evaluation_report.markup import Html, join, tag
from components.evaluation_report.number_text import score
from components.run_comparison.change_text import milliseconds
from components.run_comparison.compared_model import (
    LATENCY_P50,
    LATENCY_P95,
    ComparedModel,
)
from components.run_comparison.comparison import Comparison
from components.run_comparison.model_rows import MIOU

_WIDTH, _HEIGHT = 640, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 20, 28, 44
_COLOURS = 4  # that the report's style has
LATENCY_STYLE = (
    ".latency svg { width: 100%; max-width: 44rem; height: auto; }\n"
    # A name that lies on another model's bar can still be read.
    ".latency text.name { font-weight: 600; paint-order: stroke;"
    " stroke: var(--paper); stroke-width: 3px; }\n"
    + "".join(
        f".latency text.s{index} {{ fill: var(--s{index}); }}\n"
        for index in range(_COLOURS)
    )
)
_LABEL_GAP = 13.0  # of two lines of text


@dataclass(frozen=True, kw_only=True)
class Point:
    """One model in the picture, in its own units.

    Attributes:
        name: Of the model.
        colour: Its place among the colours.
        p50_ms: Median latency.
        p95_ms: 95th percentile; where the bar to the right ends.
        miou: Quality.
        low: Lower end of the vertical bar.
        high: Upper end.
    """

    name: str
    colour: int
    p50_ms: float
    p95_ms: float
    miou: float
    low: float
    high: float


def latency_section(comparison: Comparison) -> Html:
    """Returns the picture, and who is not in it."""
    points = [
        point
        for index, model in enumerate(comparison.models)
        if (point := _point(index, model))
    ]
    shown = {point.name for point in points}
    left_out = [model.name for model in comparison.models if model.name not in shown]
    missing = (
        tag(
            "p",
            f"Not in the picture, for no server was tried with it: {name}.",
            class_="soft",
        )
        for name in left_out
    )
    if not points:
        return join(*missing)
    return join(
        tag(
            "p",
            "Up is better, left is faster. The vertical bar is the interval of mIoU;"
            " the horizontal one goes from the median to the 95th percentile of what a"
            " photo takes by gRPC. Each was timed when its run was made: compare runs"
            " of one machine.",
            class_="soft",
        ),
        tag("div", draw_points(points), class_="latency"),
        *missing,
    )


def _point(index: int, model: ComparedModel) -> Point | None:
    p50_ms, p95_ms = model.figure(LATENCY_P50), model.figure(LATENCY_P95)
    miou = model.number(MIOU)
    if p50_ms is None or math.isnan(miou):
        return None
    known = model.interval(MIOU)
    return Point(
        name=model.name,
        colour=index % _COLOURS,
        p50_ms=p50_ms,
        p95_ms=p50_ms if p95_ms is None else max(p50_ms, p95_ms),
        miou=miou,
        low=known.low if known else miou,
        high=known.high if known else miou,
    )


def draw_points(points: Sequence[Point]) -> Html:
    """Returns the picture of at least one point."""
    x_end = nice_end(max(point.p95_ms for point in points))
    y_low, y_high = _y_bounds(points)

    def place(latency_ms: float, miou: float) -> tuple[float, float]:
        right = (_WIDTH - _LEFT - _RIGHT) * latency_ms / x_end
        up = (_HEIGHT - _TOP - _BOTTOM) * (miou - y_low) / (y_high - y_low)
        return _LEFT + right, _HEIGHT - _BOTTOM - up

    marks = [
        part
        for point in points
        for part in _draw_point(
            point,
            place(point.p50_ms, point.miou),
            place(point.p95_ms, point.high),
            place(point.p50_ms, point.low),
        )
    ]
    words = "; ".join(
        f"{point.name}: mIoU {score(point.miou)} ({score(point.low)} to"
        f" {score(point.high)}), {milliseconds(point.p50_ms)} ms"
        for point in points
    )
    return tag(
        "svg",
        *_axes(x_end, y_low, y_high),
        *marks,
        *_labels(points, [place(point.p50_ms, point.miou) for point in points]),
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label=f"mIoU against latency. {words}",
    )


def nice_end(value: float) -> float:
    """Returns the next round number: the end of an axis from 0.

    Example:
        >>> nice_end(13.7), nice_end(201), nice_end(0.0)
        (20.0, 500.0, 1.0)
    """
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if value <= step * power)


def spread_labels(heights: Sequence[float], gap: float = _LABEL_GAP) -> list[float]:
    """Returns heights that are at least `gap` apart, in the same order from the top.

    Example:
        >>> spread_labels([50.0, 20.0, 22.0], gap=10.0)
        [50.0, 20.0, 30.0]
    """
    placed = list(heights)
    lowest = -math.inf
    for index in sorted(range(len(placed)), key=lambda index: placed[index]):
        placed[index] = lowest = max(placed[index], lowest + gap)
    return placed


def _y_bounds(points: Sequence[Point]) -> tuple[float, float]:
    low = min(point.low for point in points)
    high = max(point.high for point in points)
    margin = max((high - low) * 0.1, 0.005)
    return max(0.0, low - margin), min(1.0, high + margin)


def _draw_point(
    point: Point,
    centre: tuple[float, float],
    right_top: tuple[float, float],
    bottom: tuple[float, float],
) -> Iterator[Html]:
    x, y = centre
    colour = f"s{point.colour}"
    for ends in (
        f"{x:.1f},{right_top[1]:.1f} {x:.1f},{bottom[1]:.1f}",
        f"{x:.1f},{y:.1f} {right_top[0]:.1f},{y:.1f}",
    ):
        yield tag("polyline", points=ends, class_=colour)
    yield tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=5, class_=colour)


def _labels(
    points: Sequence[Point], centres: Sequence[tuple[float, float]]
) -> Iterator[Html]:
    heights = spread_labels([y - 8 for _, y in centres])
    for point, (x, _), y in zip(points, centres, heights, strict=True):
        is_right = x > _WIDTH / 2
        yield tag(
            "text",
            point.name,
            x=f"{x - 9 if is_right else x + 9:.1f}",
            y=f"{y:.1f}",
            class_=f"name s{point.colour}{' end' if is_right else ''}",
        )


def _axes(x_end: float, y_low: float, y_high: float) -> Iterator[Html]:
    bottom = _HEIGHT - _BOTTOM
    for share in (0.0, 0.5, 1.0):
        y = f"{bottom - share * (bottom - _TOP):.1f}"
        x = f"{_LEFT + share * (_WIDTH - _LEFT - _RIGHT):.1f}"
        yield tag("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid")
        yield tag("line", x1=x, x2=x, y1=_TOP, y2=bottom, class_="grid")
        value = score(y_low + share * (y_high - y_low))
        yield tag("text", value, x=_LEFT - 6, y=y, class_="end")
        yield tag("text", f"{share * x_end:g}", x=x, y=bottom + 16, class_="end")
    yield tag("text", "latency of one photo, ms", x=_LEFT, y=_HEIGHT - 8)
    yield tag("text", "mIoU", x=6, y=12)
