"""Adds the conditions of a photo to TFMA's batches, as features to slice by.

It stands before the prediction, after which no picture is left. Only what is asked for
is added: light and sharpness cost a decoded photo, the object's size its mask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
import numpy as np
from tensorflow_model_analysis.extractors.extractor import Extractor

from components.dataset_auditor.example_reader import Features, read_example
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.condition_names import (
    BLUR,
    BRIGHTNESS,
    CONDITIONS,
    OBJECT_SIZE,
)
from components.segmentation_metrics.photo_conditions import (
    ConditionBounds,
    blur,
    brightness,
    object_size,
)
from components.segmentation_metrics.record_pictures import true_mask, upright_photo

STAGE_NAME = "AddConditionFeatures"


@dataclass(frozen=True, kw_only=True)
class WantedConditions:
    """What to find out about each record.

    Attributes:
        names: Some of `CONDITIONS`.
        task: The true mask is the feature `mask/<task>`.
        classes: What its ids mean.
        bounds: Where one word ends and the next begins.
    """

    names: tuple[str, ...]
    task: str
    classes: ClassNames
    bounds: ConditionBounds = field(default_factory=ConditionBounds)

    def __post_init__(self) -> None:
        unknown = [name for name in self.names if name not in CONDITIONS]
        if unknown:
            raise ValueError(
                f"a condition must be one of {', '.join(CONDITIONS)}, got"
                f" {unknown[0]!r}"
            )

    def of_record(self, serialized: bytes) -> dict[str, str]:
        """Returns the wanted words of one record.

        Raises:
            ValueError: A picture that is needed is missing or cannot be decoded.
        """
        features = read_example(serialized)
        words: dict[str, str] = {}
        if OBJECT_SIZE in self.names:
            mask_ids = true_mask(features, f"mask/{self.task}")
            background_id, void_id = self.classes.background_id, self.classes.void_id
            words[OBJECT_SIZE] = object_size(
                mask_ids, background_id, void_id, self.bounds
            )
        return words | self._of_photo(features)

    def _of_photo(self, features: Features) -> dict[str, str]:
        measured: dict[str, Callable[..., str]] = {BRIGHTNESS: brightness, BLUR: blur}
        wanted = [name for name in self.names if name in measured]
        if not wanted:
            return {}
        image_rgb = upright_photo(features)
        return {name: measured[name](image_rgb, self.bounds) for name in wanted}


def conditions_extractor(wanted: WantedConditions) -> Extractor:
    """Returns the step that adds the wanted features to batches of extracts."""
    return Extractor(
        stage_name=STAGE_NAME, ptransform=beam.ParDo(AddConditionFeatures(wanted))
    )


class AddConditionFeatures(beam.DoFn):
    """Sets one text per record and condition in a batch's features.

    A feature of the record with that name gives way: the words mean the same in every
    data set.
    """

    def __init__(self, wanted: WantedConditions) -> None:
        self._wanted = wanted

    def process(self, extracts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yields the batch with its new features."""
        words = [
            self._wanted.of_record(bytes(record))
            for record in np.ravel(extracts["input"])
        ]
        columns = {name: _column(words, name) for name in self._wanted.names}
        yield {**extracts, "features": {**extracts["features"], **columns}}


def _column(words: Sequence[Mapping[str, str]], name: str) -> np.ndarray:
    return np.array([word[name].encode() for word in words], object)
