"""From the JSON body of a predict request to the arrays of its inputs.

Forms, checks and words are those of TensorFlow Serving's json_tensor.cc.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

import numpy as np

from serving.server.errors import InvalidArgumentError
from serving.server.rest.json_array import is_object, stack_rows, to_array
from serving.server.rest.json_syntax import JsonSyntaxError, check_json
from serving.server.rest.json_value import describe

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MAX_EXPLAINED = 2**24  # bytes; in larger texts the exact place is not looked for


class Form(Enum):
    """How inputs and outputs are laid out."""

    ROW = "instances"
    COLUMNAR = "inputs"


def parse_document(body: bytes) -> dict[str, Any]:
    """Returns the top level object.

    Bytes that are no UTF-8 pass unharmed into strings, as in RapidJSON.
    """
    data = body.removeprefix(_BYTE_ORDER_MARK)
    if not data:
        raise InvalidArgumentError("JSON Parse error: The document is empty")
    try:
        document = json.loads(data.decode("utf-8", "surrogateescape"))
    # Also too deeply nested lists, and integers of thousands of digits.
    except (ValueError, RecursionError) as err:
        raise InvalidArgumentError(f"JSON Parse error: {_explain(data, err)}") from err
    if not isinstance(document, dict):
        raise InvalidArgumentError(f"JSON Value: {describe(document)} Is not object")
    return document


def _explain(data: bytes, err: Exception) -> str:
    if len(data) <= _MAX_EXPLAINED:
        try:
            check_json(data)
        except JsonSyntaxError as found:
            return f"{found.words} at offset: {found.offset}"
    return str(err)


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
        if not is_object(instances[0]) and len(dtypes) > 1:
            raise InvalidArgumentError(
                "instances is a plain list, but expecting list of objects as multiple"
                " input tensors required as per tensorinfo_map"
            )
        return Form.ROW, stack_rows(instances, dtypes)
    if "inputs" in document:
        return Form.COLUMNAR, _read_columns(document["inputs"], dtypes)
    raise InvalidArgumentError("Missing 'inputs' or 'instances' key")


def _read_columns(inputs: Any, dtypes: Mapping[str, str]) -> dict[str, np.ndarray]:
    if not is_object(inputs):
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
