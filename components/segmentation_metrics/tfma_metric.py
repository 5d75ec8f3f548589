"""The project's numbers as one TFMA metric, named by module and class in a config.

TFMA's own segmentation metrics know per-class counts only and want one size of all
masks. Here a preprocessor decodes the two PNGs of an example to its totals, which are
small, so that slicing copies no picture; a CombineFn adds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import apache_beam as beam
import numpy as np
from absl import logging
from tensorflow_model_analysis import constants
from tensorflow_model_analysis.metrics import metric_types

from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.mask_png import decode_mask_png
from components.segmentation_metrics.split_totals import SplitTotals

TOTALS_KEY = "segmentation_totals"
MATRIX_NAME = "confusion_matrix"


class SegmentationMetrics(metric_types.Metric):
    """IoU, Dice, precision, recall, accuracy and what the gate asks, in one pass."""

    def __init__(
        self,
        task: str,
        taxonomy: Mapping[str, Any],
        prediction_key: str = "mask_png_bytes",
        code_fingerprint: str = "",
        name: str | None = None,
    ) -> None:
        """Names what to compare.

        Args:
            task: The true mask is the feature `mask/<task>`.
            taxonomy: The taxonomy's JSON form.
            prediction_key: Output of the signature that holds the predicted PNG.
            code_fingerprint: Changes no number; in the configuration it lets the
                Evaluator's cache see that the sources changed.
            name: Part of TFMA's protocol; the numbers carry their own names.
        """
        del code_fingerprint
        super().__init__(
            _computations,
            task=task,
            taxonomy=dict(taxonomy),
            prediction_key=prediction_key,
            name=name,
        )

    def _default_name(self) -> str:
        return "segmentation"


class DecodeMasks(metric_types.Preprocessor):
    """Turns an example's two PNGs into its totals.

    Yields nothing where a baseline made no prediction (see `batched_predictions`), or
    one that fits no photo: that must not end the candidate's evaluation.
    """

    def __init__(
        self, *, feature: str, prediction_key: str, model_name: str, classes: ClassNames
    ) -> None:
        super().__init__(name=f"decode_masks:{feature}:{prediction_key}:{model_name}")
        self._feature = feature
        self._prediction_key = prediction_key
        self._model_name = model_name
        self._classes = classes

    def process(self, extracts: Mapping[str, Any]) -> Iterator[dict[str, SplitTotals]]:
        """Yields the example's totals.

        Raises:
            ValueError: A mask is missing, undecodable or of another size, and the model
                is not the baseline.
        """
        predictions = extracts["predictions"]
        if self._model_name:  # TFMA names models only where there are several
            predictions = predictions.get(self._model_name)
        if predictions is None:
            return
        try:
            totals = self._compare(extracts["features"], predictions)
        except ValueError as err:
            if self._model_name != constants.BASELINE_KEY:
                raise
            logging.warning("The baseline's mask is left out: %s", err)
            return
        yield {TOTALS_KEY: totals}

    def _compare(
        self, features: Mapping[str, Any], predictions: Mapping[str, Any]
    ) -> SplitTotals:
        truth_png = _single_bytes(features, self._feature)
        predicted_png = _single_bytes(predictions, self._prediction_key)
        return SplitTotals.of_photo(
            decode_mask_png(truth_png, "true mask"),
            decode_mask_png(predicted_png, "predicted mask"),
            self._classes,
        )


class AddTotals(beam.CombineFn):
    """Adds totals and turns them into named numbers."""

    def __init__(self, model_name: str, classes: ClassNames) -> None:
        self._model_name = model_name
        self._classes = classes

    def create_accumulator(self) -> SplitTotals:
        """Returns totals of no photo."""
        return SplitTotals(self._classes)

    def add_input(
        self, accumulator: SplitTotals, element: Mapping[str, SplitTotals]
    ) -> SplitTotals:
        """Adds one photo's totals."""
        return SplitTotals.merge([accumulator, element[TOTALS_KEY]], self._classes)

    def merge_accumulators(self, accumulators: Iterable[SplitTotals]) -> SplitTotals:
        """Adds totals of parts."""
        return SplitTotals.merge(accumulators, self._classes)

    def extract_output(
        self, accumulator: SplitTotals
    ) -> dict[metric_types.MetricKey, float | np.ndarray]:
        """Returns the numbers, and the confusion matrix itself, by TFMA's keys."""
        numbers: dict[str, float | np.ndarray] = dict(accumulator.numbers())
        numbers[MATRIX_NAME] = accumulator.matrix
        return {self._key(name): value for name, value in numbers.items()}

    def _key(self, name: str) -> metric_types.MetricKey:
        return metric_types.MetricKey(name=name, model_name=self._model_name)


def _computations(
    task: str,
    taxonomy: Mapping[str, Any],
    prediction_key: str,
    name: str | None = None,
    model_names: Iterable[str] = ("",),
) -> list[metric_types.MetricComputation]:
    del name  # the numbers carry their own
    classes = ClassNames.from_taxonomy(taxonomy)
    return [
        metric_types.MetricComputation(
            keys=[],
            preprocessors=[
                DecodeMasks(
                    feature=f"mask/{task}",
                    prediction_key=prediction_key,
                    model_name=model_name,
                    classes=classes,
                )
            ],
            combiner=AddTotals(model_name, classes),
        )
        for model_name in model_names
    ]


def _single_bytes(values: Mapping[str, Any], key: str) -> bytes:
    if key not in values:
        raise ValueError(
            f"every example needs {key!r}, there are {sorted(values)}; check the task's"
            " name and the model's 'examples' signature"
        )
    array = np.asarray(values[key])
    if array.size != 1:
        raise ValueError(
            f"{key!r} must hold one PNG per example, got {array.size}; check the"
            " example generator"
        )
    return bytes(array.reshape(-1)[0])
