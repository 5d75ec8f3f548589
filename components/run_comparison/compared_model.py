"""One model of a comparison: what was measured of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from components.model_gate.intervals import number_interval
from components.model_gate.measurements import Measured, SliceKey
from components.model_gate.thresholds import MIN_GROUPS
from components.run_comparison.measured_on import MeasuredOn
from components.segmentation_metrics.bootstrap import Interval

# What the serving check calls the latency that is compared; gRPC is what our client
# and TF Serving's own benchmarks speak.
LATENCY_P50 = "grpc_p50_ms"
LATENCY_P95 = "grpc_p95_ms"


@dataclass(frozen=True, kw_only=True)
class ComparedModel:
    """The facts of one model; what is not known is '' or None.

    Attributes:
        name: What table and page call it; another one for each model.
        run_id: Run that measured it.
        made: When that run began.
        network: Architecture.
        parameters: Of the network.
        measured: The evaluation's numbers with their replicates.
        test: What it was measured on.
        figures: What the serving check measured, by name such as `grpc_p50_ms`; empty
            where the model was not served.
        min_groups: The groups that its gate wants of a class or slice.
        is_judged: Whether a gate judged it.
        refused_by: Who refused it; None where nobody did.
        reasons: The sentences against it.
    """

    name: str
    run_id: str
    made: str = ""
    network: str = ""
    parameters: int | None = None
    measured: Measured
    test: MeasuredOn
    figures: Mapping[str, float] = field(default_factory=dict)
    min_groups: int = MIN_GROUPS
    is_judged: bool = True
    refused_by: str | None = None
    reasons: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """What was decided, in a word or two."""
        if self.refused_by:
            return f"refused by the {self.refused_by}"
        return "blessed" if self.is_judged else "not judged"

    def number(self, name: str, key: SliceKey = ()) -> float:
        """Returns a number; NaN where the evaluation has none."""
        return self.measured.numbers.get(key, {}).get(name, math.nan)

    def interval(self, name: str, key: SliceKey = ()) -> Interval | None:
        """Returns where a number lies; None where nothing was redrawn."""
        return number_interval(self.measured, name, key)

    def figure(self, name: str) -> float | None:
        """Returns one figure of the serving check; None where there is none."""
        return self.figures.get(name)
