"""What the Evaluator measured, by model, slice and name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import tensorflow_model_analysis as tfma

from components.model_gate.measurements import (
    WHOLE,
    Arrays,
    Measured,
    Numbers,
    SliceKey,
)
from components.segmentation_metrics.confusion import Matrix
from components.segmentation_metrics.tfma_metric import (
    MATRIX_NAME,
    REPLICATES_PREFIX,
    SUMS_PREFIX,
)

CANDIDATE = "candidate"
BASELINE = "baseline"


class _Entry(NamedTuple):
    """One stored value; `value` is TFMA's `MetricValue`."""

    slice_key: SliceKey
    name: str
    value: Any


def read_evaluation(uri: str) -> dict[str, Numbers]:
    """Returns the numbers of `candidate` and `baseline` of a `ModelEvaluation`.

    TFMA names a model only where there are two; a single one is the candidate. What is
    not a single number (the confusion matrix) is left out.
    """
    return {model: _numbers(entries) for model, entries in _read_entries(uri).items()}


def read_measured(uri: str) -> dict[str, Measured]:
    """Returns numbers, replicates, sums and matrix of both models, in one reading."""
    return {
        model: Measured(
            numbers=_numbers(entries),
            replicates=_arrays(entries, REPLICATES_PREFIX),
            sums=_arrays(entries, SUMS_PREFIX),
            matrix=_matrix(entries),
        )
        for model, entries in _read_entries(uri).items()
    }


def _read_entries(uri: str) -> dict[str, list[_Entry]]:
    """Returns each model's values; differences and other models are left out."""
    found: dict[str, list[_Entry]] = {CANDIDATE: [], BASELINE: []}
    for entry in tfma.load_metrics(uri):
        slice_key = _read_slice(entry.slice_key)
        for item in entry.metric_keys_and_values:
            model = item.key.model_name or CANDIDATE
            if model in found and not item.key.is_diff:
                found[model].append(_Entry(slice_key, item.key.name, item.value))
    return found


def _numbers(entries: Iterable[_Entry]) -> Numbers:
    found: dict[SliceKey, dict[str, float]] = {}
    for slice_key, name, value in entries:
        if value.WhichOneof("type") == "double_value":
            found.setdefault(slice_key, {})[name] = value.double_value.value
    return found


def _arrays(entries: Iterable[_Entry], prefix: str) -> Arrays:
    """Returns arrays by slice and what follows the prefix in their names."""
    found: dict[SliceKey, dict[str, npt.NDArray[np.float64]]] = {}
    for slice_key, name, stored in _stored_arrays(entries):
        if name.startswith(prefix):
            array = _to_array(stored).astype(np.float64)
            found.setdefault(slice_key, {})[name.removeprefix(prefix)] = array
    return found


def _matrix(entries: Iterable[_Entry]) -> Matrix | None:
    for slice_key, name, stored in _stored_arrays(entries):
        if slice_key == WHOLE and name == MATRIX_NAME:
            return _to_array(stored).astype(np.int64)
    return None


def _stored_arrays(entries: Iterable[_Entry]) -> Iterator[_Entry]:
    for slice_key, name, value in entries:
        if value.WhichOneof("type") == "array_value":
            yield _Entry(slice_key, name, value.array_value)


def _to_array(stored: Any) -> npt.NDArray[Any]:
    values = stored.float32_values or stored.float64_values or stored.int64_values
    return np.array(values).reshape(tuple(stored.shape))


def _read_slice(key: Any) -> SliceKey:
    return tuple(
        sorted((part.column, _read_value(part)) for part in key.single_slice_keys)
    )


def _read_value(part: Any) -> str:
    value = getattr(part, part.WhichOneof("kind"))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
