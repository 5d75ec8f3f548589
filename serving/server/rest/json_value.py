"""Single JSON values as elements of a tensor: what is allowed for which type."""

from __future__ import annotations

import binascii
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from serving.server.errors import (
    InvalidArgumentError,
    ServingError,
    UnimplementedError,
)
from serving.server.rest.json_number import format_decimals

_MAX_DESCRIPTION = 1024  # characters; a request may hold megabytes


@dataclass(frozen=True, kw_only=True)
class _Integers:
    dtype: type
    lowest: int
    highest: int


@dataclass(frozen=True, kw_only=True)
class _Decimals:
    dtype: type
    exact: int  # the largest integer below which all can be held
    words: str


# Small integers are checked as int32 and then cast, as TensorFlow Serving does.
_INT32 = {"lowest": -(2**31), "highest": 2**31 - 1}
_INTEGERS = {
    "int8": _Integers(dtype=np.int8, **_INT32),
    "uint8": _Integers(dtype=np.uint8, **_INT32),
    "int16": _Integers(dtype=np.int16, **_INT32),
    "int32": _Integers(dtype=np.int32, **_INT32),
    "int64": _Integers(dtype=np.int64, lowest=-(2**63), highest=2**63 - 1),
    "uint32": _Integers(dtype=np.uint32, lowest=0, highest=2**32 - 1),
    "uint64": _Integers(dtype=np.uint64, lowest=0, highest=2**64 - 1),
}
_DECIMALS = {
    "float": _Decimals(dtype=np.float32, exact=2**24 - 1, words="float"),
    "double": _Decimals(dtype=np.float64, exact=2**53 - 1, words="double"),
}
_UINT64 = range(2**64)
_INT64 = range(-(2**63), 2**63)


class NotUniformError(Exception):
    """Something is wrong; who cares looks for the first such thing."""


def is_base64(value: Any) -> bool:
    """Says whether a value is an object of the form {"b64": "..."}."""
    return (
        isinstance(value, dict)
        and len(value) == 1
        and isinstance(value.get("b64"), str)
    )


def decode_base64(value: Any) -> bytes:
    """Returns the bytes of {"b64": "..."}, padded or not."""
    if not is_base64(value):
        raise InvalidArgumentError(
            f"JSON Value: {describe(value)} not formatted correctly for base64 data"
        )
    text = value["b64"].encode("utf-8", "surrogateescape")
    data = _decode(text)
    if data is None:  # white space may stand anywhere, but costs time to look for
        data = _decode(b"".join(text.split()))
    if data is None:
        raise InvalidArgumentError("Unable to base64 decode")
    return data


def _decode(text: bytes) -> bytes | None:
    digits = text.rstrip(b"=.")
    padding, missing = len(text) - len(digits), -len(digits) % 4
    if len(digits) % 4 == 1:  # six bits are no byte
        return None
    try:
        # Decoding skips what is no base64: the length tells that it did.
        data = binascii.a2b_base64(digits + b"=" * missing)
    except binascii.Error:
        return None
    whole = len(data) == len(digits) * 3 // 4
    return data if whole and padding in (0, missing) else None


def convert_leaves(values: Sequence[Any], dtype: str) -> np.ndarray:
    """Returns a flat array of all values.

    Raises:
        NotUniformError: One of them does not fit the type.
    """
    types = set(map(type, values))
    if dtype == "string":
        return _convert_strings(values)
    if dtype == "bool" and types <= {bool}:
        return np.array(values, np.bool_)
    if dtype in _INTEGERS and types <= {int}:
        kind = _INTEGERS[dtype]
        if not values or (kind.lowest <= min(values) and max(values) <= kind.highest):
            wide = np.uint64 if dtype == "uint64" else np.int64
            return np.array(values, wide).astype(kind.dtype)
    if dtype in _DECIMALS and types <= {int, float}:
        return _convert_decimals(values, dtype)
    raise NotUniformError


def _convert_strings(values: Sequence[Any]) -> np.ndarray:
    array = np.empty(len(values), object)
    for index, value in enumerate(values):
        try:
            array[index] = to_bytes(value)
        except ServingError as err:
            raise NotUniformError from err
    return array


def to_bytes(value: Any) -> bytes:
    """Returns the bytes of a string or of {"b64": "..."}."""
    if isinstance(value, dict):
        return decode_base64(value)
    if not isinstance(value, str):
        raise _type_error(value, "string")
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as err:
        raise InvalidArgumentError(
            "JSON Parse error: The surrogate pair in string is invalid."
        ) from err


def _convert_decimals(values: Sequence[Any], dtype: str) -> np.ndarray:
    kind = _DECIMALS[dtype]
    try:
        wide = np.array(values, np.float64)
    except OverflowError as err:
        raise NotUniformError from err
    highest = _highest(kind)
    finite = wide[np.isfinite(wide)]
    if finite.size and np.abs(finite).max() > highest:
        raise NotUniformError
    # Only a large number can be an integer that the type does not hold.
    if finite.size and np.abs(finite).max() > kind.exact and int in map(type, values):
        for value in values:
            if not _is_lossless(value, kind):
                raise NotUniformError
    return wide.astype(kind.dtype)


def _highest(kind: _Decimals) -> float:
    return float(np.finfo(kind.dtype).max)


def _is_lossless(value: Any, kind: _Decimals) -> bool:
    if isinstance(value, int) and (value in _UINT64 or value in _INT64):
        return abs(value) <= kind.exact
    try:
        number = float(value)
    except OverflowError:
        return False
    return not math.isfinite(number) or abs(number) <= _highest(kind)


def explain_leaf(value: Any, dtype: str) -> ServingError | None:
    """Returns why a value that is no list cannot be an element; None if it can."""
    known = {"string", "bool"} | _INTEGERS.keys() | _DECIMALS.keys()
    if isinstance(value, dict) and dtype != "string":
        return _type_error(value, dtype)
    if dtype not in known:
        return unknown_type(value, dtype)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if dtype in _DECIMALS and is_number and not _is_lossless(value, _DECIMALS[dtype]):
        return InvalidArgumentError(
            f"Cannot convert JSON value: {describe(value)} to"
            f" {_DECIMALS[dtype].words} without loss of precision."
        )
    try:
        if dtype == "string":
            to_bytes(value)
        else:
            convert_leaves([value], dtype)
    except NotUniformError:
        return _type_error(value, dtype)
    except ServingError as err:
        return err
    return None


def unknown_type(value: Any, dtype: str) -> UnimplementedError:
    """Returns what is said of a value for a type that JSON cannot carry."""
    return UnimplementedError(
        f"Conversion of JSON Value: {describe(value)} to type: {dtype}"
    )


def _type_error(value: Any, dtype: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"JSON Value: {describe(value)} Type: {type_name(value)} is not of expected"
        f" type: {dtype}"
    )


def type_name(value: Any) -> str:
    """Returns what errors call the type of a value, such as `Number`."""
    if value is None or isinstance(value, bool):
        return {None: "Null", True: "True", False: "False"}[value]
    if isinstance(value, str):
        return "String"
    names = {dict: "Object", list: "Array", int: "Number", float: "Number"}
    return names[type(value)]


def describe(value: Any) -> str:
    """Returns a value as JSON for a message, cut where it is long."""
    if isinstance(value, float):
        narrow = abs(value) <= float(np.finfo(np.float32).max)
        dtype = np.float32 if narrow else np.float64
        return format_decimals(np.array([value], dtype))[0]
    text = json.dumps(value, indent=4, ensure_ascii=False)
    text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text) <= _MAX_DESCRIPTION:
        return text
    return f"{text[:_MAX_DESCRIPTION]}...TRUNCATED"
