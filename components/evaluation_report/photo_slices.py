"""Tells which of some slices a photo belongs to, as the Evaluator cut them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.dataset_auditor.example_reader import first_text, read_example
from components.model_gate.measurements import SliceKey
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.condition_features import WantedConditions
from components.segmentation_metrics.condition_names import CONDITIONS


@dataclass(frozen=True, kw_only=True)
class PhotoSlices:
    """Slices that are asked about.

    Attributes:
        keys: The slices; a photo is told them by their index here.
        task: The true mask is the feature `mask/<task>`.
        classes: What its ids mean.
    """

    keys: tuple[SliceKey, ...]
    task: str
    classes: ClassNames

    def of_record(self, serialized: bytes) -> tuple[int, ...]:
        """Returns the indices of the slices that a record is in.

        Raises:
            ValueError: A picture that a condition is taken from cannot be decoded.
        """
        if not self.keys:
            return ()
        words = self._words(serialized)
        return tuple(
            index
            for index, key in enumerate(self.keys)
            if all(words.get(name) == value for name, value in key)
        )

    def _words(self, serialized: bytes) -> Mapping[str, str]:
        """Returns the record's value of every feature that the slices name."""
        names = dict.fromkeys(name for key in self.keys for name, _ in key)
        conditions = tuple(name for name in CONDITIONS if name in names)
        features = read_example(serialized)
        words = {name: first_text(features, name) for name in names if name in features}
        if not conditions:
            return words
        # As in the evaluation, a condition goes before a feature of its name.
        wanted = WantedConditions(
            names=conditions, task=self.task, classes=self.classes
        )
        return words | wanted.of_record(serialized)
