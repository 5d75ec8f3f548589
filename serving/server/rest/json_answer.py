"""From the arrays of a model's outputs to the JSON body of a predict answer.

The text is laid out to the character as RapidJSON's PrettyWriter does it for
TensorFlow Serving: clients compare, and diff tools show, what really differs.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from serving.server.errors import InvalidArgumentError
from serving.server.rest.json_number import ROUND_TRIP_DIGITS, format_decimals
from serving.server.rest.json_request import Form
from serving.server.rest.json_string import INDENT, quote
from serving.server.type_names import dtype_name

_BYTES_SUFFIX = "_bytes"


def write_answer(form: Form, outputs: Mapping[str, np.ndarray]) -> bytes:
    """Returns the body; outputs appear in alphabetical order.

    Raises:
        InvalidArgumentError: A type that JSON cannot carry, or rows that do not agree.
    """
    if not outputs:
        raise InvalidArgumentError("Cannot convert empty tensor map to JSON")
    ordered = {name: outputs[name] for name in sorted(outputs)}
    text = _write_rows(ordered) if form is Form.ROW else _write_columns(ordered)
    return text.encode("utf-8", "surrogateescape")


def write_error(message: str) -> bytes:
    """Returns the body of an error."""
    text = f'{{\n{INDENT}"error": {quote(message)}\n}}'
    return text.encode("utf-8", "replace")


def _write_rows(outputs: Mapping[str, np.ndarray]) -> str:
    rows = _common_rows(outputs)
    several = len(outputs) > 1
    columns = {
        name: _row_texts(name, array, depth=3 if several else 2)
        for name, array in outputs.items()
    }
    if not rows:
        body = "[]"
    elif several:
        keys = [(quote(name), texts) for name, texts in columns.items()]
        inner, outer = INDENT * 3, INDENT * 2
        objects = [
            f"{{\n{inner}"
            + f",\n{inner}".join(f"{key}: {texts[row]}" for key, texts in keys)
            + f"\n{outer}}}"
            for row in range(rows)
        ]
        body = f"[\n{outer}" + f",\n{outer}".join(objects) + f"\n{INDENT}]"
    else:
        (texts,) = columns.values()
        body = "[" + ", ".join(texts) + f"\n{INDENT}]"
    return f'{{\n{INDENT}"predictions": {body}\n}}'


def _common_rows(outputs: Mapping[str, np.ndarray]) -> int:
    rows = None
    for name, array in outputs.items():
        if array.ndim == 0:
            raise InvalidArgumentError(f"Tensor name: {name} has no shape information ")
        if rows is not None and rows != len(array):
            raise InvalidArgumentError(
                f"Tensor name: {name} has inconsistent batch size: {len(array)}"
                f" expecting: {rows}"
            )
        rows = len(array)
    return rows or 0


def _row_texts(name: str, array: np.ndarray, depth: int) -> list[str]:
    cells = _cells(name, array, depth + array.ndim - 1)
    step = len(cells) // max(len(array), 1)
    return [
        _nest(cells[row * step : (row + 1) * step], array.shape[1:], None)
        for row in range(len(array))
    ]


def _write_columns(outputs: Mapping[str, np.ndarray]) -> str:
    depth = 2 if len(outputs) > 1 else 1
    texts = {
        name: _nest(_cells(name, array, depth + array.ndim), array.shape, depth)
        for name, array in outputs.items()
    }
    if len(texts) == 1:
        (body,) = texts.values()
    else:
        pad = INDENT * 2
        lines = [f"{quote(name)}: {text}" for name, text in texts.items()]
        body = f"{{\n{pad}" + f",\n{pad}".join(lines) + f"\n{INDENT}}}"
    return f'{{\n{INDENT}"outputs": {body}\n}}'


def _nest(cells: list[str], shape: tuple[int, ...], depth: int | None) -> str:
    """Puts cells into lists; on one line where `depth` is None."""
    if not shape:
        return cells[0]
    if shape[0] == 0:
        return "[]"
    inner = None if depth is None else depth + 1
    if len(shape) > 1:
        step = len(cells) // shape[0]
        cells = [
            _nest(cells[row * step : (row + 1) * step], shape[1:], inner)
            for row in range(shape[0])
        ]
    if depth is None:
        return "[" + ", ".join(cells) + "]"
    pad = INDENT * (depth + 1)
    return f"[\n{pad}" + f",\n{pad}".join(cells) + f"\n{INDENT * depth}]"


def _cells(name: str, array: np.ndarray, depth: int) -> list[str]:
    """Returns every element as text; `depth` is how deep an element lies."""
    kind = array.dtype.kind
    if not array.size:
        return []
    if array.dtype in ROUND_TRIP_DIGITS:
        return format_decimals(array)
    if kind == "b":
        return ["true" if value else "false" for value in array.ravel().tolist()]
    if kind in "iu" and array.dtype != np.uint16:
        return list(map(str, array.ravel().tolist()))
    if kind == "O":
        write = _write_base64 if name.endswith(_BYTES_SUFFIX) else _write_string
        return [write(value, depth) for value in array.ravel().tolist()]
    raise InvalidArgumentError(
        f"Failed to write JSON value for tensor type: {dtype_name(array.dtype)}"
    )


def _write_string(value: Any, _depth: int) -> str:
    return quote(value.decode("utf-8", "surrogateescape"))


def _write_base64(value: Any, depth: int) -> str:
    text = base64.b64encode(value).decode("ascii")
    return f'{{\n{INDENT * (depth + 1)}"b64": "{text}"\n{INDENT * depth}}}'
