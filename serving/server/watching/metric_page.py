"""The page that Prometheus reads, laid out as TensorFlow Serving lays it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TypeVar

from serving.server.watching.metric_names import METRICS, Metric, page_name
from serving.server.watching.metric_values import Histogram, Key, Labels, Values

_Value = TypeVar("_Value")


def write_page(values: Values) -> str:
    """Returns the page: every metric in order of its name, also those without values.

    Sums have all their digits; TensorFlow Serving cuts them to six.
    """
    lines: list[str] = []
    for path, metric in sorted(METRICS.items()):
        name = page_name(path)
        lines.append(f"# TYPE {name} {metric.kind}")
        if metric.limits:
            for labels, histogram in _of(values.histograms, path):
                lines += _histogram_lines(name, metric, labels, histogram)
        else:
            for labels, number in _of(values.counters, path):
                lines.append(f"{name}{{{_text(metric.labels, labels)}}} {number}")
    return "\n".join(lines) + "\n"


def _of(values: Mapping[Key, _Value], path: str) -> list[tuple[Labels, _Value]]:
    return sorted(
        ((labels, value) for (name, labels), value in values.items() if name == path),
        key=lambda item: item[0],
    )


def _histogram_lines(
    name: str, metric: Metric, labels: Labels, histogram: Histogram
) -> Iterator[str]:
    text = _text(metric.labels, labels)
    before = f"{text}," if text else ""
    limits = [*(f"{limit:g}" for limit in metric.limits), "+Inf"]
    counts = list(accumulate(histogram.buckets))
    for limit, count in zip(limits, counts, strict=True):
        yield f'{name}_bucket{{{before}le="{limit}"}} {count}'
    yield f"{name}_sum{{{text}}} {histogram.total:.17g}"
    yield f"{name}_count{{{text}}} {counts[-1]}"


def _text(names: Sequence[str], labels: Labels) -> str:
    pairs = zip(names, labels, strict=True)
    return ",".join(f'{name}="{_escape(value)}"' for name, value in pairs)


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
