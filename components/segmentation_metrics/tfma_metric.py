"""The project's numbers as one TFMA metric, named by module and class in a config.

TFMA's own segmentation metrics know per-class counts only and want one size of all
masks. Here a preprocessor decodes the PNGs of an example to what it adds to each sum,
which is small, so that slicing copies no picture; a CombineFn adds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import apache_beam as beam
import numpy as np
from absl import logging
from tensorflow_model_analysis import constants
from tensorflow_model_analysis.metrics import metric_types

from components.segmentation_metrics.bootstrap import REPLICATES
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.mask_png import decode_mask_png
from components.segmentation_metrics.measure import PhotoMasks
from components.segmentation_metrics.measurement import (
    Measurement,
    Measuring,
    PhotoMeasurement,
)
from components.segmentation_metrics.standard_measures import standard_measures

PHOTO_KEY = "segmentation_photo"
MATRIX_NAME = "confusion_matrix"
# Arrays beside the numbers: the replicates of each, and the sums of each measure.
REPLICATES_PREFIX = "bootstrap/"
SUMS_PREFIX = "sums/"
GROUP_FEATURE = "group_id"
CONFIDENCE_KEY = "confidence_png_bytes"


class SegmentationMetrics(metric_types.Metric):
    """All measures with their intervals, and what the gate asks, in one pass."""

    def __init__(
        self,
        *,
        task: str,
        taxonomy: Mapping[str, Any],
        prediction_key: str = "mask_png_bytes",
        rest_class: str | None = None,
        replicates: int = REPLICATES,
        corruptions: Sequence[Sequence[Any]] = (),
        code_fingerprint: str = "",
        name: str | None = None,
    ) -> None:
        """Names what to compare.

        Args:
            task: The true mask is the feature `mask/<task>`.
            taxonomy: The taxonomy's JSON form.
            prediction_key: Output of the signature that holds the predicted PNG.
            rest_class: Class that is on the object but is no named part.
            replicates: Redrawn splits for the intervals.
            corruptions: Kinds and strengths that the extractors make copies with;
                changes no number here.
            code_fingerprint: Changes no number; in the configuration it lets the
                Evaluator's cache see that the sources changed.
            name: Part of TFMA's protocol; the numbers carry their own names.
        """
        del code_fingerprint, corruptions
        super().__init__(
            _computations,
            task=task,
            taxonomy=dict(taxonomy),
            options={
                "prediction_key": prediction_key,
                "rest_class": rest_class,
                "replicates": replicates,
            },
            name=name,
        )

    def _default_name(self) -> str:
        return "segmentation"


class MeasurePhoto(metric_types.Preprocessor):
    """Turns an example's PNGs into what it adds to each sum.

    Yields nothing where a baseline made no prediction (see `batched_predictions`), or
    one that fits no photo: that must not end the candidate's evaluation.
    """

    def __init__(
        self,
        *,
        feature: str,
        prediction_key: str,
        model_name: str,
        measuring: Measuring,
    ) -> None:
        super().__init__(name=f"measure_photo:{feature}:{prediction_key}:{model_name}")
        self._feature = feature
        self._prediction_key = prediction_key
        self._model_name = model_name
        self._measuring = measuring

    def process(self, extracts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yields the example's measurement.

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
            photo = self._measure(extracts["features"], predictions)
        except ValueError as err:
            if self._model_name != constants.BASELINE_KEY:
                raise
            logging.warning("The baseline's mask is left out: %s", err)
            return
        yield {PHOTO_KEY: photo}

    def _measure(
        self, features: Mapping[str, Any], predictions: Mapping[str, Any]
    ) -> PhotoMeasurement:
        truth_png = _single_bytes(features, self._feature)
        predicted_png = _single_bytes(predictions, self._prediction_key)
        confidence = None
        if CONFIDENCE_KEY in predictions:
            confidence_png = _single_bytes(predictions, CONFIDENCE_KEY)
            confidence = decode_mask_png(confidence_png, "confidence picture")
        masks = PhotoMasks(
            truth=decode_mask_png(truth_png, "true mask"),
            prediction=decode_mask_png(predicted_png, "predicted mask"),
            confidence=confidence,
        )
        return self._measuring.of_photo(masks, _single_bytes(features, GROUP_FEATURE))


class AddPhotos(beam.CombineFn):
    """Adds photos and turns their sums into named numbers."""

    def __init__(self, model_name: str, measuring: Measuring) -> None:
        self._model_name = model_name
        self._measuring = measuring

    def create_accumulator(self) -> Measurement:
        """Returns the measurement of no photo."""
        return self._measuring.nothing()

    def add_input(
        self, accumulator: Measurement, element: Mapping[str, PhotoMeasurement]
    ) -> Measurement:
        """Adds one photo."""
        return accumulator.add(element[PHOTO_KEY])

    def merge_accumulators(self, accumulators: Iterable[Measurement]) -> Measurement:
        """Adds parts."""
        return Measurement.merge(accumulators, self._measuring)

    def extract_output(
        self, accumulator: Measurement
    ) -> dict[metric_types.MetricKey, float | np.ndarray]:
        """Returns numbers, confusion matrix, sums and replicates by TFMA's keys."""
        found: dict[str, float | np.ndarray] = dict(accumulator.numbers())
        found[MATRIX_NAME] = accumulator.totals.matrix
        for name, sums in accumulator.sums.stored_sums().items():
            found[SUMS_PREFIX + name] = sums
        if self._measuring.measures.replicates:
            for name, values in accumulator.sums.replicates().items():
                found[REPLICATES_PREFIX + name] = values
        return {self._key(name): value for name, value in found.items()}

    def _key(self, name: str) -> metric_types.MetricKey:
        return metric_types.MetricKey(name=name, model_name=self._model_name)


def _computations(
    task: str,
    taxonomy: Mapping[str, Any],
    options: Mapping[str, Any],
    name: str | None = None,
    model_names: Iterable[str] = ("",),
) -> list[metric_types.MetricComputation]:
    del name  # the numbers carry their own
    classes = ClassNames.from_taxonomy(taxonomy)
    measuring = Measuring(
        classes=classes,
        measures=standard_measures(
            classes,
            rest_class=options["rest_class"],
            replicates=options["replicates"],
        ),
    )
    return [
        metric_types.MetricComputation(
            keys=[],
            preprocessors=[
                MeasurePhoto(
                    feature=f"mask/{task}",
                    prediction_key=options["prediction_key"],
                    model_name=model_name,
                    measuring=measuring,
                )
            ],
            combiner=AddPhotos(model_name, measuring),
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
