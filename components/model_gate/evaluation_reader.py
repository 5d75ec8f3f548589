"""The Evaluator's numbers, by model, slice and name."""

from __future__ import annotations

from typing import Any

import tensorflow_model_analysis as tfma

from components.model_gate.measurements import Numbers, SliceKey

CANDIDATE = "candidate"
BASELINE = "baseline"


def read_evaluation(uri: str) -> dict[str, Numbers]:
    """Returns the numbers of `candidate` and `baseline` of a `ModelEvaluation`.

    TFMA names a model only where there are two; a single one is the candidate. What is
    not a single number (the confusion matrix) is left out.
    """
    found: dict[str, dict[SliceKey, dict[str, float]]] = {CANDIDATE: {}, BASELINE: {}}
    for entry in tfma.load_metrics(uri):
        slice_key = _read_slice(entry.slice_key)
        for item in entry.metric_keys_and_values:
            model = item.key.model_name or CANDIDATE
            is_number = item.value.WhichOneof("type") == "double_value"
            if item.key.is_diff or not is_number or model not in found:
                continue
            numbers = found[model].setdefault(slice_key, {})
            numbers[item.key.name] = item.value.double_value.value
    return dict(found)


def _read_slice(key: Any) -> SliceKey:
    return tuple(
        sorted((part.column, _read_value(part)) for part in key.single_slice_keys)
    )


def _read_value(part: Any) -> str:
    value = getattr(part, part.WhichOneof("kind"))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
