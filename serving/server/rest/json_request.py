"""From the JSON body of a predict request to the arrays of its inputs.

Forms, checks and words are those of TensorFlow Serving's json_tensor.cc.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

import numpy as np

from serving.server.errors import InvalidArgumentError, ServingError
from serving.server.rest.json_value import (
    NotUniformError,
    convert_leaves,
    describe,
    explain,
    is_base64,
)

_MAX_DIMENSIONS = 32  # of a NumPy array

# Messages of Python's parser, and what RapidJSON says in the same place.
_PARSE_ERRORS = {
    "Expecting value": "Invalid value.",
    "Expecting property name enclosed in double quotes": (
        "Missing a name for object member."
    ),
    "Expecting ':' delimiter": "Missing a colon after a name of object member.",
    "Expecting ',' delimiter": "Missing a comma after an element.",
    "Extra data": "The document root must not be followed by other values.",
    "Unterminated string starting at": "Missing a closing quotation mark in string.",
    "Invalid \\escape": "Invalid escape character in string.",
    "Invalid \\uXXXX escape": "Incorrect hex digit after \\u escape in string.",
    "Invalid control character at": "Invalid encoding in string.",
}


class Form(Enum):
    """How inputs and outputs are laid out."""

    ROW = "instances"
    COLUMNAR = "inputs"


def parse_document(body: bytes) -> dict[str, Any]:
    """Returns the top level object.

    Bytes that are no UTF-8 pass unharmed into strings, as in RapidJSON.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    if not text:
        raise InvalidArgumentError("JSON Parse error: The document is empty")
    try:
        document = json.loads(text)
    except json.JSONDecodeError as err:
        offset = len(text[: err.pos].encode("utf-8", "surrogateescape"))
        words = _PARSE_ERRORS.get(err.msg, f"{err.msg}.")
        raise InvalidArgumentError(
            f"JSON Parse error: {words} at offset: {offset}"
        ) from err
    except (RecursionError, ValueError) as err:  # nested too deep, or a giant number
        raise InvalidArgumentError(f"JSON Parse error: {err}") from err
    if not isinstance(document, dict):
        raise InvalidArgumentError(f"JSON Value: {describe(document)} Is not object")
    return document


def signature_name(document: Mapping[str, Any]) -> str:
    """Returns the name that the request gives, '' for none."""
    name = document.get("signature_name", "")
    if not isinstance(name, str):
        raise InvalidArgumentError(
            f"JSON Value: {describe(document)} not formatted correctly."
            " 'signature_name' key must be a string value."
        )
    return name


def read_inputs(
    document: Mapping[str, Any], dtypes: Mapping[str, str]
) -> tuple[Form, dict[str, np.ndarray]]:
    """Returns the form of the request and its inputs.

    Args:
        document: The top level object.
        dtypes: Name of each input to the name of its type, such as `float`.
    """
    if "instances" in document and "inputs" in document:
        raise InvalidArgumentError(
            f"JSON Value: {describe(document)} Not formatted correctly expecting only"
            " one of 'inputs' or 'instances' keys to exist "
        )
    if "instances" in document:
        instances = document["instances"]
        if not isinstance(instances, list):
            raise InvalidArgumentError(
                f"JSON Value: {describe(document)} Expecting 'instances' to be an"
                " list/array"
            )
        if not instances:
            raise InvalidArgumentError(
                f"JSON Value: {describe(document)} No values in 'instances' array"
            )
        return Form.ROW, _read_rows(instances, dtypes)
    if "inputs" in document:
        return Form.COLUMNAR, _read_columns(document["inputs"], dtypes)
    raise InvalidArgumentError("Missing 'inputs' or 'instances' key")


def _read_columns(inputs: Any, dtypes: Mapping[str, str]) -> dict[str, np.ndarray]:
    if not isinstance(inputs, dict) or is_base64(inputs):
        if len(dtypes) > 1:
            raise InvalidArgumentError(
                "inputs is a plain value/list, but expecting an object as multiple"
                " input tensors required as per tensorinfo_map"
            )
        return {name: to_array(inputs, dtype) for name, dtype in dtypes.items()}
    for name in dtypes:
        if name not in inputs:
            raise InvalidArgumentError(
                f"Missing named input: {name} in 'inputs' object."
            )
    return {name: to_array(inputs[name], dtype) for name, dtype in dtypes.items()}


def _read_rows(
    instances: Sequence[Any], dtypes: Mapping[str, str]
) -> dict[str, np.ndarray]:
    if not isinstance(instances[0], dict) and len(dtypes) > 1:
        raise InvalidArgumentError(
            "instances is a plain list, but expecting list of objects as multiple"
            " input tensors required as per tensorinfo_map"
        )
    if _is_object(instances[0]):
        _check_objects(instances, dtypes)
        return {
            name: _stack([item[name] for item in instances], dtype, f" key: {name}")
            for name, dtype in dtypes.items()
        }
    for index, item in enumerate(instances):
        if _is_object(item):
            raise InvalidArgumentError(
                f"Expecting value/list but got object at item {index} of input list"
            )
    return {name: _stack(instances, dtype, "") for name, dtype in dtypes.items()}


def _check_objects(instances: Sequence[Any], dtypes: Mapping[str, str]) -> None:
    for index, item in enumerate(instances):
        if not _is_object(item):
            raise InvalidArgumentError(
                f"Expecting object but got list at item {index} of input list"
            )
        for name in item:
            if name not in dtypes:
                raise InvalidArgumentError(
                    f"Failed to process element: {index} key: {name} of 'instances'"
                    " list. Error: INVALID_ARGUMENT: JSON object: does not have named"
                    f" input: {name}"
                )
        if item.keys() != dtypes.keys():
            raise InvalidArgumentError(
                f"Failed to process element: {index} of 'instances' list. JSON object:"
                f" {describe(item)} keys must be equal to: {','.join(sorted(dtypes))}"
            )


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and not is_base64(value)


def _stack(values: Sequence[Any], dtype: str, key: str) -> np.ndarray:
    """Returns one array of all rows; looks at single rows only to name the bad one."""
    try:
        return _to_array_quickly(list(values), dtype)
    except NotUniformError:
        pass
    shape: tuple[int, ...] | None = None
    for index, value in enumerate(values):
        try:
            array = to_array(value, dtype)
            shape = array.shape if shape is None else shape
            _check_same(array.shape, shape)
        except ServingError as err:
            raise InvalidArgumentError(
                f"Failed to process element: {index}{key} of 'instances' list."
                f" Error: {err}"
            ) from err
    raise AssertionError("rows that are right one by one must be right together")


def _check_same(shape: tuple[int, ...], first: tuple[int, ...]) -> None:
    size, first_size = int(np.prod(shape)), int(np.prod(first))
    if size != first_size:
        raise InvalidArgumentError(
            f"Expecting tensor size: {first_size} but got: {size}"
        )
    if shape != first:
        texts = ["[" + ",".join(map(str, sizes)) + "]" for sizes in (first, shape)]
        raise InvalidArgumentError(f"Expecting shape {texts[0]} but got: {texts[1]}")


def to_array(value: Any, dtype: str) -> np.ndarray:
    """Returns one JSON value as an array; a plain value has no dimensions.

    Raises:
        ServingError: Lists of different lengths, or a value of another type.
    """
    try:
        return _to_array_quickly(value, dtype)
    except NotUniformError as err:
        raise explain(value, _shape_of(value), dtype) from err


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
