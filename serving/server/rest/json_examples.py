"""From the JSON body of a classify or regress request to its examples.

Forms, checks and words are those of TensorFlow Serving's json_tensor.cc.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from tensorflow_serving.apis import input_pb2

from serving.server.errors import InvalidArgumentError
from serving.server.rest.json_value import describe, is_base64, to_bytes, type_name

_BYTES, _INT64, _FLOAT = "bytes_list", "int64_list", "float_list"
_KIND_NAMES = {_BYTES: "bytes", _INT64: "int64", _FLOAT: "float"}
_INT64_RANGE = range(-(2**63), 2**63)
_UINT64_RANGE = range(2**64)
_MAX_FLOAT = float(np.finfo(np.float32).max)


def read_examples(document: Mapping[str, Any]) -> input_pb2.Input:
    """Returns the examples of a request, with its context where it has one.

    Args:
        document: The top level object.
    """
    sent = input_pb2.Input()
    if "context" in document:
        context = sent.example_list_with_context.context
        _fill_example(document["context"], context)
    listed = _listed(document)
    examples = (
        sent.example_list_with_context.examples
        if "context" in document
        else sent.example_list.examples
    )
    for item in listed:
        _fill_example(item, examples.add())
    return sent


def _listed(document: Mapping[str, Any]) -> list[Any]:
    if "examples" not in document:
        reason = "When method is classify, key 'examples' is expected and was not found"
    elif not isinstance(document["examples"], list):
        reason = "Expecting 'examples' value to be an list/array"
    elif not document["examples"]:
        reason = "'examples' value is an empty array"
    else:
        return list(document["examples"])
    raise InvalidArgumentError(f"JSON Value: {describe(document)} {reason}")


def _fill_example(value: Any, example: Any) -> None:
    if not isinstance(value, dict):
        raise InvalidArgumentError(
            f"Example must be JSON object but got JSON {type_name(value)}"
        )
    for key, content in value.items():
        name = to_bytes(key).decode("utf-8", "replace")
        feature = example.features.feature[name]
        for element in content if isinstance(content, list) else [content]:
            _add_element(element, name, feature)


def _add_element(value: Any, name: str, feature: Any) -> None:
    kind = _kind_of(value, name)
    known = feature.WhichOneof("kind")
    if known not in (None, kind):
        raise InvalidArgumentError(
            f"Unexpected element type in feature: {name} expecting type:"
            f" {_KIND_NAMES[known]}"
        )
    if kind == _BYTES:
        element: bytes | int | float = to_bytes(value)
    elif kind == _INT64:
        element = _check_integer(int(value), name)
    else:
        element = _check_decimal(value)
    getattr(feature, kind).value.append(element)


def _kind_of(value: Any, name: str) -> str:
    """Returns the field of a Feature that a JSON value goes to."""
    if isinstance(value, str) or is_base64(value):
        return _BYTES
    if isinstance(value, bool):
        return _INT64
    if isinstance(value, int):
        # As in RapidJSON, an integer that no 64 bits hold is a decimal number.
        return _INT64 if value in _INT64_RANGE or value in _UINT64_RANGE else _FLOAT
    if isinstance(value, float):
        return _FLOAT
    raise InvalidArgumentError(
        f"Feature: {name} has element with unexpected JSON type: {type_name(value)}"
    )


def _check_integer(value: int, name: str) -> int:
    if value not in _INT64_RANGE:
        raise InvalidArgumentError(
            f"Feature: {name} has uint64 element. Only int64 is supported."
        )
    return value


def _check_decimal(value: int | float) -> float:
    try:
        number = float(value)
    except OverflowError as err:
        raise InvalidArgumentError(
            "JSON Parse error: Number too big to be stored in double."
        ) from err
    if math.isfinite(number) and abs(number) > _MAX_FLOAT:
        raise InvalidArgumentError(
            f"Cannot convert JSON value: {describe(value)} to float without loss of"
            " precision."
        )
    return number
