"""Keeps spoiled copies out of every slice but those of `corruption`.

It belongs to TFMA's step of slice keys, where an element is one example. The whole and
all other slices then count each photo once, as it is, with or without copies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import apache_beam as beam
from tensorflow_model_analysis import constants
from tensorflow_model_analysis.extractors.extractor import Extractor
from tensorflow_model_analysis.slicer import slicer_lib

from components.segmentation_metrics.corruption import (
    CORRUPTION_FEATURE,
)

TypedSliceKey = tuple[tuple[str, Any], ...]


def with_slice_rules(slice_keys: Extractor) -> Extractor:
    """Returns TFMA's step of slice keys with the rules at its end.

    One step of the same name: TFMA evaluates right after the step of that name, and
    what stands behind it is not heard.
    """
    rules = SliceKeysByRules(slice_keys.ptransform)
    return Extractor(stage_name=slice_keys.stage_name, ptransform=rules)


class SliceKeysByRules(beam.PTransform):
    """Finds slice keys, then drops those that the rules forbid."""

    def __init__(self, slice_keys: beam.PTransform) -> None:
        super().__init__()
        self._slice_keys = slice_keys

    def expand(self, pcoll: beam.PCollection) -> beam.PCollection:
        """Turns extracts into extracts with slice keys."""
        return (
            pcoll
            | "FindSliceKeys" >> self._slice_keys
            | "ApplySliceRules" >> beam.Map(apply_slice_rules)
        )


def kept_slice_keys(
    keys: Sequence[TypedSliceKey], *, is_copy: bool
) -> list[TypedSliceKey]:
    """Returns the keys of slices that an example counts in.

    Example:
        >>> keys = [(), (("view", "front"),), (("corruption", "fog 2"),)]
        >>> kept_slice_keys(keys, is_copy=True)
        [(('corruption', 'fog 2'),)]
        >>> kept_slice_keys(keys, is_copy=False)
        [(), (('view', 'front'),)]
    """
    return [
        key
        for key in keys
        if any(feature == CORRUPTION_FEATURE for feature, _ in key) == is_copy
    ]


def apply_slice_rules(extracts: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the example's extracts with the keys that it keeps, maybe none."""
    kept = kept_slice_keys(
        list(extracts[constants.SLICE_KEY_TYPES_KEY]),
        is_copy=CORRUPTION_FEATURE in extracts["features"],
    )
    keys = slicer_lib.slice_keys_to_numpy_array(kept)
    return {**extracts, constants.SLICE_KEY_TYPES_KEY: keys}
