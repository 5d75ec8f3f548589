"""The candidate's confusion matrix of the whole test split, as TFMA stored it."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow_model_analysis as tfma

from components.model_gate.evaluation_reader import CANDIDATE
from components.segmentation_metrics import confusion
from components.segmentation_metrics.tfma_metric import MATRIX_NAME


def read_matrix(uri: str, num_classes: int) -> confusion.Matrix:
    """Returns the matrix [classes, classes + 1] of a `ModelEvaluation`.

    Raises:
        ValueError: The evaluation holds none of this size.
    """
    for entry in tfma.load_metrics(uri):
        if entry.slice_key.single_slice_keys:
            continue
        for item in entry.metric_keys_and_values:
            is_candidate = (item.key.model_name or CANDIDATE) == CANDIDATE
            if item.key.name == MATRIX_NAME and is_candidate and not item.key.is_diff:
                return _to_matrix(item.value.array_value, num_classes)
    raise ValueError(
        f"the evaluation must hold the number {MATRIX_NAME!r} of all test photos, it"
        " has none; run the Evaluator with segmentation_metrics.eval_config"
    )


def _to_matrix(stored: Any, num_classes: int) -> confusion.Matrix:
    shape = (num_classes, num_classes + 1)
    if tuple(stored.shape) != shape:
        raise ValueError(
            f"the confusion matrix must be {shape} for {num_classes} classes, got"
            f" {tuple(stored.shape)}; evaluate with the taxonomy of this report"
        )
    return np.array(stored.int64_values, np.int64).reshape(shape)
