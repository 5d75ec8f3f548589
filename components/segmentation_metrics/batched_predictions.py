"""TFMA's prediction step for pictures: small batches, and no picture kept after it.

TFMA 0.47's own extractor ignores `ModelSpec.inference_batch_size`, ends the run on a
baseline that lacks the signature, and carries every picture to the last step. Here a
baseline that cannot be asked, or cannot answer, is left out of the predictions: its
numbers then count fewer examples than the candidate's, and the gate says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import apache_beam as beam
import numpy as np
import tensorflow as tf
from absl import logging
from tensorflow_model_analysis.api.types import EvalSharedModel
from tensorflow_model_analysis.extractors.extractor import Extractor
from tensorflow_model_analysis.proto import config_pb2

from components.segmentation_metrics.tfma_metric import CONFIDENCE_KEY

STAGE_NAME = "ExtractPredictions"  # TFMA looks it up by this name
_PICTURE_FEATURES = ("image", "instances")

# Predictions of a batch: an object array [batch] of PNGs by output name.
Answers = dict[str, np.ndarray]
Predictor = Callable[[Sequence[bytes]], Answers]


def predictions_extractor(
    specs: Sequence[config_pb2.ModelSpec], models: Sequence[EvalSharedModel]
) -> Extractor:
    """Returns the step that adds `predictions` to batches of extracts.

    Args:
        specs: One per model, with signature, output (`prediction_key`) and batch size.
        models: In the same order.
    """
    return Extractor(
        stage_name=STAGE_NAME,
        ptransform=beam.ParDo(PredictMasks(list(specs), list(models))),
    )


class PredictMasks(beam.DoFn):
    """Asks every model for the masks of a batch of serialized records."""

    def __init__(
        self, specs: list[config_pb2.ModelSpec], models: list[EvalSharedModel]
    ) -> None:
        self._specs = specs
        self._models = models
        self._predictors: dict[str, Predictor] = {}

    def setup(self) -> None:
        """Loads the models, once per worker."""
        for spec, model in zip(self._specs, self._models, strict=True):
            predictor = _find_predictor(model.model_loader.load(), spec)
            if predictor is not None:
                self._predictors[spec.name] = predictor

    def process(self, extracts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Adds predictions, drops pictures and serialized records.

        Predictions are keyed by model where there are two, as TFMA has it.
        """
        records = [bytes(record) for record in np.ravel(extracts["input"])]
        answers: dict[str, Any] = {}
        for spec in self._specs:
            answer = self._predict(spec, records)
            if answer is not None:
                answers[spec.name] = answer
        features = {
            name: value
            for name, value in extracts["features"].items()
            if name not in _PICTURE_FEATURES
        }
        predictions = answers if len(self._specs) > 1 else answers[self._specs[0].name]
        kept = {key: value for key, value in extracts.items() if key != "input"}
        yield {**kept, "features": features, "predictions": predictions}

    def _predict(
        self, spec: config_pb2.ModelSpec, records: list[bytes]
    ) -> Answers | None:
        if spec.name not in self._predictors:
            return None
        try:
            return self._predictors[spec.name](records)
        except tf.errors.InvalidArgumentError as err:
            if not spec.is_baseline:
                raise
            # An old model may want other features than today's records have.
            logging.warning("The baseline cannot answer: %s", err.message)
            return None


def _find_predictor(model: Any, spec: config_pb2.ModelSpec) -> Predictor | None:
    problem = _problem_of(model, spec)
    if problem and spec.is_baseline:
        logging.warning("The baseline is not evaluated: %s", problem)
        return None
    if problem:
        raise ValueError(problem)
    return _Batches(model, spec)


def _problem_of(model: Any, spec: config_pb2.ModelSpec) -> str:
    if spec.signature_name not in model.signatures:
        return (
            f"the model needs the signature {spec.signature_name!r}, it has"
            f" {sorted(model.signatures)}; export it with serving's signatures"
        )
    outputs = sorted(model.signatures[spec.signature_name].structured_outputs)
    if spec.prediction_key not in outputs:
        return (
            f"the signature {spec.signature_name!r} must return"
            f" {spec.prediction_key!r}, it returns {outputs}; export the model anew"
        )
    return ""


class _Batches:
    """Calls the signature for at most `inference_batch_size` records at once."""

    def __init__(self, model: Any, spec: config_pb2.ModelSpec) -> None:
        self._model = model  # a signature alone does not keep its variables
        self._signature = model.signatures[spec.signature_name]
        (self._input,) = self._signature.structured_input_signature[1]
        outputs = self._signature.structured_outputs
        wanted = (spec.prediction_key, CONFIDENCE_KEY)
        self._outputs = [name for name in wanted if name in outputs]
        self._size = max(1, spec.inference_batch_size)

    def __call__(self, records: Sequence[bytes]) -> Answers:
        pngs: dict[str, list[bytes]] = {name: [] for name in self._outputs}
        for start in range(0, len(records), self._size):
            batch = tf.constant(records[start : start + self._size], tf.string)
            answer = self._signature(**{self._input: batch})
            for name in self._outputs:
                pngs[name] += answer[name].numpy().tolist()
        return {name: np.array(listed, object) for name, listed in pngs.items()}
