"""The Evaluator's numbers, by model, slice and name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow_model_analysis as tfma

from components.model_gate.measurements import Numbers, Replicates, SliceKey
from components.segmentation_metrics.tfma_metric import REPLICATES_PREFIX

CANDIDATE = "candidate"
BASELINE = "baseline"


def read_evaluation(uri: str) -> dict[str, Numbers]:
    """Returns the numbers of `candidate` and `baseline` of a `ModelEvaluation`.

    TFMA names a model only where there are two; a single one is the candidate. What is
    not a single number (the confusion matrix) is left out.
    """
    found: dict[str, dict[SliceKey, dict[str, float]]] = {CANDIDATE: {}, BASELINE: {}}
    for model, slice_key, name, value in _entries(uri):
        if value.WhichOneof("type") == "double_value":
            numbers = found[model].setdefault(slice_key, {})
            numbers[name] = value.double_value.value
    return dict(found)


def read_replicates(uri: str) -> dict[str, Replicates]:
    """Returns the bootstrap replicates of the numbers of both models."""
    return {
        model: by_slice
        for model, by_slice in read_arrays(uri, REPLICATES_PREFIX).items()
    }


def read_arrays(
    uri: str, prefix: str
) -> dict[str, dict[SliceKey, dict[str, npt.NDArray[np.float64]]]]:
    """Returns arrays by model, slice and what follows the prefix in their names."""
    found: dict[str, dict[SliceKey, dict[str, npt.NDArray[np.float64]]]] = {
        CANDIDATE: {},
        BASELINE: {},
    }
    for model, slice_key, name, value in _entries(uri):
        if value.WhichOneof("type") == "array_value" and name.startswith(prefix):
            arrays = found[model].setdefault(slice_key, {})
            arrays[name.removeprefix(prefix)] = _to_array(value.array_value)
    return found


def _entries(uri: str) -> Iterator[tuple[str, SliceKey, str, Any]]:
    """Yields (model, slice, name, value); differences and other models are left out."""
    for entry in tfma.load_metrics(uri):
        slice_key = _read_slice(entry.slice_key)
        for item in entry.metric_keys_and_values:
            model = item.key.model_name or CANDIDATE
            if model in (CANDIDATE, BASELINE) and not item.key.is_diff:
                yield model, slice_key, item.key.name, item.value


def _to_array(stored: Any) -> npt.NDArray[np.float64]:
    values = stored.float32_values or stored.float64_values or stored.int64_values
    return np.array(values, np.float64).reshape(tuple(stored.shape))


def _read_slice(key: Any) -> SliceKey:
    return tuple(
        sorted((part.column, _read_value(part)) for part in key.single_slice_keys)
    )


def _read_value(part: Any) -> str:
    value = getattr(part, part.WhichOneof("kind"))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
