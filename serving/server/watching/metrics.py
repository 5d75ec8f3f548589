"""Counts and latencies, told in TensorFlow Serving's Prometheus names."""

from __future__ import annotations

import bisect
import threading
from collections import Counter, defaultdict

_PREFIX = ":tensorflow:serving:"
BUCKET_LIMITS_US = tuple(10 * 1.8**power for power in range(33))

Labels = tuple[tuple[str, str], ...]


class Metrics:
    """Numbers of one process; may be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counters: Counter[tuple[str, Labels]] = Counter()
        self._histograms: dict[tuple[str, Labels], list[int]] = {}
        self._sums: defaultdict[tuple[str, Labels], float] = defaultdict(float)

    def count_request(self, model_name: str, status: str) -> None:
        """Counts a request by the name of its status, such as OK."""
        labels = (("model_name", model_name), ("status", status))
        with self._lock:
            self._counters["request_count", labels] += 1

    def observe_request(
        self, model_name: str, api: str, entrypoint: str, latency_us: float
    ) -> None:
        """Notes how long a successful request took in all."""
        labels = (("model_name", model_name), ("API", api), ("entrypoint", entrypoint))
        self._observe("request_latency", labels, latency_us)

    def observe_run(self, model_name: str, latency_us: float) -> None:
        """Notes how long the model itself took."""
        labels = (("model_name", model_name), ("API", "Predict"), ("runtime", "TF1"))
        self._observe("runtime_latency", labels, latency_us)

    def observe_warmup(self, model_path: str, status: str, latency_us: float) -> None:
        """Notes how long a version's warm-up took."""
        labels = (("model_path", model_path), ("status", status))
        self._observe("model_warmup_latency", labels, latency_us)

    def _observe(self, name: str, labels: Labels, value: float) -> None:
        with self._lock:
            buckets = self._histograms.setdefault(
                (name, labels), [0] * (len(BUCKET_LIMITS_US) + 1)
            )
            # A bucket holds what lies below its limit.
            buckets[bisect.bisect_right(BUCKET_LIMITS_US, value)] += 1
            self._sums[name, labels] += value

    def render(self) -> str:
        """Returns the page that Prometheus reads."""
        with self._lock:
            counters = sorted(self._counters.items())
            histograms = sorted(
                (name, labels, list(buckets), self._sums[name, labels])
                for (name, labels), buckets in self._histograms.items()
            )
        lines: list[str] = []
        for (name, labels), value in counters:
            _add_type(lines, name, "counter")
            lines.append(f"{_PREFIX}{name}{{{_text(labels)}}} {value}")
        for name, labels, buckets, total in histograms:
            _add_type(lines, name, "histogram")
            lines += _histogram_lines(name, _text(labels), buckets, total)
        return "\n".join(lines) + "\n"


def _add_type(lines: list[str], name: str, kind: str) -> None:
    line = f"# TYPE {_PREFIX}{name} {kind}"
    if line not in lines:
        lines.append(line)


def _histogram_lines(
    name: str, labels: str, buckets: list[int], total: float
) -> list[str]:
    limits = [*(f"{limit:g}" for limit in BUCKET_LIMITS_US), "+Inf"]
    lines, count = [], 0
    for limit, in_bucket in zip(limits, buckets, strict=True):
        count += in_bucket
        lines.append(f'{_PREFIX}{name}_bucket{{{labels},le="{limit}"}} {count}')
    lines.append(f"{_PREFIX}{name}_sum{{{labels}}} {total:.17g}")
    lines.append(f"{_PREFIX}{name}_count{{{labels}}} {count}")
    return lines


def _text(labels: Labels) -> str:
    return ",".join(f'{name}="{_escape(value)}"' for name, value in labels)


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
