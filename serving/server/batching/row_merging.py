"""Rows of several tasks as the inputs of one run, and its outputs as theirs again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from serving.server.batching.length_padding import pad_to_longest
from serving.server.batching.task import Task, Tensors
from serving.server.errors import (
    Code,
    FailedPreconditionError,
    InvalidArgumentError,
    ServingError,
)
from serving.server.type_names import dtype_name


def count_rows(inputs: Tensors) -> int:
    """Returns the size that all inputs have along their first dimension.

    Raises:
        InvalidArgumentError: They have none, or not the same.
    """
    if not inputs:
        raise InvalidArgumentError("Batching Run() must have at least one input tensor")
    if any(np.ndim(array) == 0 for array in inputs.values()):
        raise InvalidArgumentError(
            "Batching Run() input tensors must have at least one dimension"
        )
    sizes = {len(array) for array in inputs.values()}
    if len(sizes) > 1:
        raise InvalidArgumentError(
            "Batching Run() input tensors must have equal 0th-dimension size"
        )
    return sizes.pop()


def round_up(size: int, allowed: Sequence[int]) -> int:
    """Returns the first allowed size that holds so many rows.

    Without rows there is none that could be repeated: then nothing is filled up.
    """
    if not size:
        return 0
    return next((entry for entry in allowed if entry >= size), size)


def merge_inputs(
    tasks: Sequence[Task], *, batch_size: int, pads_lengths: bool
) -> dict[str, np.ndarray]:
    """Returns the rows of all tasks, filled up to a size by repeating one of them.

    Args:
        tasks: At least one, all with the same inputs.
        batch_size: Rows of the result.
        pads_lengths: Whether shapes may differ behind the first dimension.

    Raises:
        ServingError: The tasks do not fit together.
    """
    repeats = batch_size - sum(task.size for task in tasks)
    merged = {}
    for name in sorted(tasks[0].inputs):
        arrays = [task.inputs[name] for task in tasks]
        if pads_lengths:
            arrays = pad_to_longest(name, arrays)
        else:
            _check_shapes(name, arrays)
        _check_types(arrays)
        if repeats:
            row = next(array for array in reversed(arrays) if len(array))[:1]
            arrays.append(np.broadcast_to(row, (repeats, *row.shape[1:])))
        merged[name] = np.concatenate(arrays) if len(arrays) > 1 else arrays[0]
    return merged


def split_outputs(
    outputs: Mapping[str, Any], tasks: Sequence[Task], *, batch_size: int
) -> list[dict[str, np.ndarray]]:
    """Returns each task's rows of all outputs; rows that fill up belong to nobody.

    Raises:
        FailedPreconditionError: An output is not one row per row of the inputs.
    """
    for name in sorted(outputs):
        if np.ndim(outputs[name]) == 0:
            raise FailedPreconditionError("Batched output tensor has 0 dimensions")
        if len(outputs[name]) != batch_size:
            raise FailedPreconditionError(
                "Batched output tensor's 0th dimension does not equal the sum of the"
                " 0th dimension sizes of the input tensors"
            )
    answers, start = [], 0
    for task in tasks:
        rows = slice(start, start + task.size)
        answers.append({name: array[rows] for name, array in outputs.items()})
        start += task.size
    return answers


def _check_shapes(name: str, arrays: Sequence[np.ndarray]) -> None:
    if len({array.shape[1:] for array in arrays}) > 1:
        raise FailedPreconditionError(
            f"Tensors with name '{name}' from different tasks have different shapes and"
            " padding is turned off. Set pad_variable_length_inputs to true, or ensure"
            " that all tensors with the same name have equal dimensions starting with"
            " the first dim."
        )


def _check_types(arrays: Sequence[np.ndarray]) -> None:
    first = arrays[0].dtype
    for array in arrays[1:]:
        if array.dtype != first:
            raise ServingError(
                "Tensor concat operation failed: INVALID_ARGUMENT: Cannot concatenate"
                " tensors that have different data types. Got"
                f" {dtype_name(first)} and {dtype_name(array.dtype)}.",
                Code.INTERNAL,
            )
