"""The confusion matrix of all test photos, checked against the classes."""

from __future__ import annotations

from components.model_gate.measurements import Measured
from components.segmentation_metrics import confusion
from components.segmentation_metrics.tfma_metric import MATRIX_NAME


def matrix_of(measured: Measured, num_classes: int) -> confusion.Matrix:
    """Returns a model's matrix, [classes, classes + 1].

    Raises:
        ValueError: The evaluation holds none of this size.
    """
    if measured.matrix is None:
        raise ValueError(
            f"the evaluation must hold the number {MATRIX_NAME!r} of all test photos,"
            " it has none; run the Evaluator with segmentation_metrics.eval_config"
        )
    shape = (num_classes, num_classes + 1)
    if measured.matrix.shape != shape:
        raise ValueError(
            f"the confusion matrix must be {shape} for {num_classes} classes, got"
            f" {measured.matrix.shape}; evaluate with the taxonomy of this report"
        )
    return measured.matrix
