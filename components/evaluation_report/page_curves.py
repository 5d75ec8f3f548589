"""The page's training curves, as SVG lines over the epochs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_text import plain
from components.evaluation_report.report_facts import ReportFacts

_WIDTH, _HEIGHT = 360, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 8, 10, 24
_SERIES_COLOURS = 4

Series = Mapping[str, Sequence[float | None]]  # name to a value per epoch
Point = tuple[float, float]


def training_section(facts: ReportFacts) -> Html:
    """Returns curves and the facts of the training."""
    epochs = (facts.history or {}).get("epochs") or []
    if facts.history is None or not epochs:
        return tag("p", "The training left no history.", class_="soft")
    best = facts.history.get("best_epoch")
    charts = [
        draw_chart(title, series, best) for title, series in _group(epochs).items()
    ]
    rows = [
        [name.replace("_", " "), plain(value)]
        for name, value in facts.history.items()
        if isinstance(value, (int, float))
    ]
    return join(
        tag("div", *charts, class_="charts"),
        table(["training", "value#"], rows, caption="Facts of the training"),
    )


def draw_chart(title: str, series: Series, best_epoch: int | None) -> Html:
    """Returns a figure with one line per series and a mark at the best epoch."""
    values = [value for line in series.values() for value in line if value is not None]
    if not values:
        return Html("")
    length = max(len(line) for line in series.values())
    low, high = _bounds(values)
    lines = [
        part
        for index, line in enumerate(series.values())
        for part in _draw_line(line, length, (low, high), index % _SERIES_COLOURS)
    ]
    picture = tag(
        "svg",
        *_axes(low, high, length),
        *_best_mark(best_epoch, length),
        *lines,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label=f"{title} over {length} epochs: {_in_words(series)}",
    )
    legend = [
        tag(
            "span",
            tag("span", class_=f"line s{index % _SERIES_COLOURS}", aria_hidden="true"),
            name,
            class_="chip",
        )
        for index, name in enumerate(series)
    ]
    return tag("figure", tag("figcaption", tag("b", title), " ", *legend), picture)


def _group(epochs: Sequence[Mapping[str, float | None]]) -> dict[str, Series]:
    names = dict.fromkeys(name for epoch in epochs for name in epoch)
    groups: dict[str, dict[str, list[float | None]]] = {}
    for name in names:
        title = "Loss" if name.endswith("loss") else "Score"
        if name in ("learning_rate", "seconds"):
            title = {"learning_rate": "Learning rate", "seconds": "Seconds"}[name]
        line = [epoch.get(name) for epoch in epochs]
        groups.setdefault(title, {})[name.replace("_", " ")] = line
    return dict(groups)


def _bounds(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(0.0, *values), max(values)
    return (low, high) if high > low else (low, low + 1.0)


def _draw_line(
    line: Sequence[float | None],
    length: int,
    bounds: tuple[float, float],
    colour: int,
) -> Iterator[Html]:
    """Yields the pieces between gaps; a single point is a dot."""
    for piece in _pieces(line, length, bounds):
        if len(piece) == 1:
            x, y = piece[0]
            yield tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=3, class_=f"s{colour}")
        else:
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in piece)
            yield tag("polyline", points=points, class_=f"s{colour}")


def _pieces(
    line: Sequence[float | None], length: int, bounds: tuple[float, float]
) -> Iterator[list[Point]]:
    piece: list[Point] = []
    for index, value in enumerate(line):
        if value is not None:
            share = (value - bounds[0]) / (bounds[1] - bounds[0])
            piece.append((_x(index, length), _y(share)))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _axes(low: float, high: float, length: int) -> Iterator[Html]:
    for value, share in ((low, 0.0), ((low + high) / 2, 0.5), (high, 1.0)):
        y = f"{_y(share):.1f}"
        yield tag("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid")
        yield tag("text", f"{value:.3g}", x=_LEFT - 6, y=y, class_="end")
    bottom = _HEIGHT - 8
    yield tag("text", "epoch 1", x=_LEFT, y=bottom)
    if length > 1:
        yield tag("text", str(length), x=_WIDTH - _RIGHT, y=bottom, class_="end")


def _best_mark(best_epoch: int | None, length: int) -> Iterator[Html]:
    if best_epoch and best_epoch <= length:
        x = f"{_x(best_epoch - 1, length):.1f}"
        mark = tag("title", f"best epoch: {best_epoch}")
        yield tag(
            "g",
            mark,
            tag("line", x1=x, x2=x, y1=_TOP, y2=_HEIGHT - _BOTTOM, class_="best"),
        )


def _x(index: int, length: int) -> float:
    share = index / (length - 1) if length > 1 else 0.5
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _TOP + (1 - share) * (_HEIGHT - _TOP - _BOTTOM)


def _in_words(series: Series) -> str:
    return ", ".join(
        f"{name} from {plain(line[0])} to {plain(line[-1])}"
        for name, line in series.items()
    )
