"""From nested JSON lists to arrays, and what is wrong where that cannot be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from serving.server.errors import (
    InvalidArgumentError,
    ServingError,
)
from serving.server.rest.json_value import (
    NotUniformError,
    convert_leaves,
    describe,
    explain_leaf,
    is_base64,
    unknown_type,
)

_MAX_DIMENSIONS = 32  # of a NumPy array


def to_array(value: Any, dtype: str) -> np.ndarray:
    """Returns one JSON value as an array; a plain value has no dimensions.

    Raises:
        ServingError: Lists of different lengths, or a value of another type.
    """
    try:
        return _to_array_quickly(value, dtype)
    except NotUniformError as err:
        reason = _find_error(value, _shape_of(value), dtype)
        raise reason or unknown_type(value, dtype) from err


def _shape_of(value: Any) -> tuple[int, ...]:
    """Returns the lengths along the first elements."""
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        if not value:
            break
        value = value[0]
    return tuple(shape)


def _to_array_quickly(value: Any, dtype: str) -> np.ndarray:
    """Goes through nested lists level by level, with no Python step per number."""
    shape = _shape_of(value)
    if len(shape) > _MAX_DIMENSIONS:
        raise InvalidArgumentError(
            f"a tensor must have at most {_MAX_DIMENSIONS} dimensions, got"
            f" {len(shape)}; send fewer nested lists"
        )
    level = [value]
    for length in shape:
        if set(map(type, level)) != {list} or set(map(len, level)) != {length}:
            raise NotUniformError
        level = [item for items in level for item in items]
        if not level:
            break
    return convert_leaves(level, dtype).reshape(shape)


def stack_rows(
    instances: Sequence[Any], dtypes: Mapping[str, str]
) -> dict[str, np.ndarray]:
    """Returns all rows at once, by the name of the input.

    Args:
        instances: At least one; objects, or the values of the only input.
        dtypes: Name of each input to the name of its type.

    Raises:
        InvalidArgumentError: It names the first row that differs or does not fit.
    """
    try:
        if not is_object(instances[0]):
            if any(map(is_object, instances)):
                raise NotUniformError
            return {name: _stack(instances, dtype) for name, dtype in dtypes.items()}
        if not all(is_object(row) and row.keys() == dtypes.keys() for row in instances):
            raise NotUniformError
        return {
            name: _stack([row[name] for row in instances], dtype)
            for name, dtype in dtypes.items()
        }
    except NotUniformError as err:
        raise _explain_rows(instances, dtypes) from err


def is_object(value: Any) -> bool:
    """Says whether a value is an object of names, not one of binary data."""
    return isinstance(value, dict) and not is_base64(value)


def _stack(values: Sequence[Any], dtype: str) -> np.ndarray:
    return _to_array_quickly(list(values), dtype)


def _explain_rows(
    instances: Sequence[Any], dtypes: Mapping[str, str]
) -> InvalidArgumentError:
    objects = is_object(instances[0])
    shapes: dict[str, tuple[int, ...]] = {}
    for index, row in enumerate(instances):
        if is_object(row) != objects:
            words = "object but got list" if objects else "value/list but got object"
            return InvalidArgumentError(
                f"Expecting {words} at item {index} of input list"
            )
        members = row if objects else {next(iter(dtypes)): row}
        for name, value in members.items():
            error = _explain_member(name, value, dtypes, shapes)
            if error is not None:
                key = f" key: {name}" if objects else ""
                return _wrap(f"{index}{key}", error)
        if members.keys() != dtypes.keys():
            return InvalidArgumentError(
                f"Failed to process element: {index} of 'instances' list. JSON object:"
                f" {describe(row)} keys must be equal to: {','.join(sorted(dtypes))}"
            )
    return _wrap("0", unknown_type(instances[0], next(iter(dtypes.values()))))


def _wrap(place: str, error: ServingError) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"Failed to process element: {place} of 'instances' list. Error: {error}"
    )


def _explain_member(
    name: str,
    value: Any,
    dtypes: Mapping[str, str],
    shapes: dict[str, tuple[int, ...]],
) -> ServingError | None:
    """Returns what is wrong with one input of one row; notes the shape of the first."""
    if name not in dtypes:
        return InvalidArgumentError(f"JSON object: does not have named input: {name}")
    shape = _shape_of(value)
    error = _find_error(value, shape, dtypes[name])
    if error is not None:
        return error
    first = shapes.setdefault(name, shape)
    size, first_size = math.prod(shape), math.prod(first)
    if size != first_size:
        return InvalidArgumentError(
            f"Expecting tensor size: {first_size} but got: {size}"
        )
    if shape != first:
        texts = ["[" + ",".join(map(str, sizes)) + "]" for sizes in (first, shape)]
        return InvalidArgumentError(f"Expecting shape {texts[0]} but got: {texts[1]}")
    return None


def _find_error(
    value: Any, shape: tuple[int, ...], dtype: str, level: int = 0
) -> ServingError | None:
    if not isinstance(value, list):
        if level != len(shape):
            return InvalidArgumentError(
                f"JSON Value: {describe(value)} found at incorrect level: {level + 1}"
                f" in the JSON DOM. Expected at level: {len(shape)}"
            )
        return explain_leaf(value, dtype)
    if level >= len(shape):
        return InvalidArgumentError(
            f"Encountered list at unexpected level: {level} expected < {len(shape)}"
        )
    if len(value) != shape[level]:
        return InvalidArgumentError(
            f"Encountered list at unexpected size: {len(value)} at level: {level}"
            f" expected size: {shape[level]}"
        )
    found = (_find_error(item, shape, dtype, level + 1) for item in value)
    return next((error for error in found if error is not None), None)
