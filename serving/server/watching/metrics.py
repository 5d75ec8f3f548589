"""Counts and latencies of one process, whichever thread they come from."""

from __future__ import annotations

import bisect
import threading

from serving.server.watching import metric_names as names
from serving.server.watching.metric_page import write_page
from serving.server.watching.metric_values import Histogram, Labels, Values


class Metrics:
    """Numbers of one process; may be used from any thread.

    Every thread counts for itself, without a lock; readers add the threads up.

    `metrics.count(REQUEST_COUNT, ("cars", "OK"))`: names are those of `metric_names`,
    labels the values of the metric's labels in its order.
    """

    def __init__(self) -> None:
        self._own = threading.local()
        self._lock = threading.Lock()
        self._of_threads: list[tuple[threading.Thread, Values]] = []
        self._of_ended = Values()

    def count(self, name: str, labels: Labels = (), number: int = 1) -> None:
        """Adds to a counter."""
        counters = self._mine().counters
        key = (name, labels)
        counters[key] = counters.get(key, 0) + number

    def observe(self, name: str, labels: Labels, value: float) -> None:
        """Adds one value to a histogram."""
        histograms = self._mine().histograms
        limits = names.METRICS[name].limits
        key = (name, labels)
        histogram = histograms.get(key)
        if histogram is None:
            histogram = histograms[key] = Histogram(len(limits) + 1)
        # A bucket holds what lies below its limit.
        histogram.buckets[bisect.bisect_right(limits, value)] += 1
        histogram.total += value

    def count_request(self, model_name: str, status: str) -> None:
        """Counts a request by the name of its status, such as OK."""
        self.count(names.REQUEST_COUNT, (model_name, status))

    def observe_request(
        self, model_name: str, api: str, entrypoint: str, latency_us: float
    ) -> None:
        """Notes how long a successful request took in all."""
        self.observe(names.REQUEST_LATENCY, (model_name, api, entrypoint), latency_us)

    def observe_run(
        self, model_name: str, latency_us: float, *, api: str = "Predict"
    ) -> None:
        """Notes how long the model itself took."""
        self.observe(names.RUNTIME_LATENCY, (model_name, api, "TF1"), latency_us)

    def observe_warmup(self, model_path: str, status: str, latency_us: float) -> None:
        """Notes how long a version's warm-up took."""
        self.observe(names.WARMUP_LATENCY, (model_path, status), latency_us)

    def count_examples(self, model_name: str, number: int) -> None:
        """Notes how many examples a Classify, Regress or MultiInference brought."""
        self.observe(names.EXAMPLE_COUNTS, (model_name,), number)
        self.count(names.EXAMPLE_COUNT_TOTAL, (model_name,), number)

    def value(self, name: str) -> int:
        """Returns what a reload answers for a metric: its first labels' counter.

        As TensorFlow Serving does it, a histogram and a name that no metric has are 0.
        """
        counters = self._sum().counters
        found = sorted(labels for path, labels in counters if path == name)
        return counters[name, found[0]] if found else 0

    def render(self) -> str:
        """Returns the page that Prometheus reads."""
        return write_page(self._sum())

    def _mine(self) -> Values:
        try:
            return self._own.values
        except AttributeError:
            values = self._own.values = Values()
        with self._lock:
            self._collect_ended()
            self._of_threads.append((threading.current_thread(), values))
        return values

    def _collect_ended(self) -> None:
        alive = []
        for thread, values in self._of_threads:
            if thread.is_alive():
                alive.append((thread, values))
            else:
                self._of_ended.add(values)
        self._of_threads = alive

    def _sum(self) -> Values:
        total = Values()
        with self._lock:
            total.add(self._of_ended)
            for _, values in self._of_threads:
                total.add(values)
        return total
