"""What an Evaluator's folder says of one model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.evaluation_report.evaluation_matrix import matrix_of
from components.model_gate.evaluation_reader import CANDIDATE, read_measured
from components.model_gate.measurements import Measured, whole
from components.run_comparison.measured_on import MeasuredOn
from components.segmentation_metrics import confusion
from components.segmentation_metrics.eval_config import METRIC_CLASS

CONFIG_FILE = "eval_config.json"  # as TFMA calls it


@dataclass(frozen=True, kw_only=True)
class EvaluationFacts:
    """Numbers, and what they mean.

    Attributes:
        measured: What the Evaluator measured of it.
        taxonomy: The taxonomy's JSON form, as the metric had it.
        true_px: True pixels of each class.
        code_fingerprint: Hash of the sources that measured; '' where it is not known.
    """

    measured: Measured
    taxonomy: Mapping[str, Any]
    true_px: tuple[int, ...]
    code_fingerprint: str

    def measured_on(self, records: str) -> MeasuredOn:
        """Returns what the model was measured on.

        Args:
            records: Hash of the test photos.
        """
        numbers = self.measured.numbers
        return MeasuredOn(
            taxonomy=self.taxonomy,
            examples=whole(numbers, "examples"),
            groups=whole(numbers, "groups"),
            true_px=self.true_px,
            records=records,
        )


def read_facts(folder: Path) -> EvaluationFacts:
    """Reads the folder of a `ModelEvaluation`.

    Raises:
        ValueError: The Evaluator ran with another metric, or a file is gone.
    """
    config = _metric_config(folder)
    taxonomy = config["taxonomy"]
    measured = read_measured(str(folder))[CANDIDATE]
    matrix = matrix_of(measured, len(taxonomy["classes"]))
    return EvaluationFacts(
        measured=measured,
        taxonomy=taxonomy,
        true_px=tuple(confusion.true_pixels(matrix).tolist()),
        code_fingerprint=config.get("code_fingerprint", ""),
    )


def _metric_config(folder: Path) -> dict[str, Any]:
    path = folder / CONFIG_FILE
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as err:
        raise ValueError(
            f"{path} is gone; run the pipeline again with --set run.cache=false"
        ) from err
    for spec in content["evalConfig"]["metricsSpecs"]:
        for metric in spec["metrics"]:
            if metric["className"] == METRIC_CLASS:
                found: dict[str, Any] = json.loads(metric["config"])
                return found
    raise ValueError(
        f"{path} must name the metric {METRIC_CLASS}, it does not; run the Evaluator"
        " with segmentation_metrics.eval_config"
    )
