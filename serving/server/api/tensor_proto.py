"""Arrays from and to the messages of the API, as TensorFlow's Tensor reads them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import tensorflow as tf
from google.protobuf.internal.decoder import _DecodeVarint
from google.protobuf.message import DecodeError
from tensorflow.core.framework import types_pb2

from serving.server.errors import InvalidArgumentError

# Where a type's values stand; TensorFlow Serving never answers in `tensor_content`.
_FIELDS = {
    types_pb2.DT_FLOAT: "float_val",
    types_pb2.DT_DOUBLE: "double_val",
    types_pb2.DT_INT32: "int_val",
    types_pb2.DT_INT16: "int_val",
    types_pb2.DT_INT8: "int_val",
    types_pb2.DT_UINT8: "int_val",
    types_pb2.DT_UINT16: "int_val",
    types_pb2.DT_INT64: "int64_val",
    types_pb2.DT_UINT32: "uint32_val",
    types_pb2.DT_UINT64: "uint64_val",
    types_pb2.DT_BOOL: "bool_val",
    types_pb2.DT_STRING: "string_val",
    types_pb2.DT_HALF: "half_val",
    types_pb2.DT_BFLOAT16: "half_val",
    types_pb2.DT_COMPLEX64: "scomplex_val",
    types_pb2.DT_COMPLEX128: "dcomplex_val",
}
_DTYPES = {
    kind: np.dtype(tf.as_dtype(kind).as_numpy_dtype)
    for kind in _FIELDS  # strings become object
}
_KINDS = {dtype: kind for kind, dtype in _DTYPES.items()}
# What stands in a field, where it is not the type itself.
_STORED: dict[str, np.dtype[Any]] = {
    "int_val": np.dtype(np.int32),
    "half_val": np.dtype(np.int32),
    "scomplex_val": np.dtype(np.float32),
    "dcomplex_val": np.dtype(np.float64),
}
# A few bytes may ask for any shape; what they spell out is limited by the request.
_MAX_FILLED_BYTES = 2**26


def from_proto(proto: Any, alias: str) -> np.ndarray:
    """Returns the array of a TensorProto in either form.

    The last value fills the rest of a shape, zeros or empty strings fill all of it,
    and values that the shape does not hold are left out. The array may be read-only.

    Raises:
        InvalidArgumentError: The message contradicts itself.
    """
    try:
        return _array(proto)
    except (ValueError, IndexError, MemoryError, OverflowError, DecodeError) as err:
        raise InvalidArgumentError(f"tensor parsing error: {alias}") from err


def _array(proto: Any) -> np.ndarray:
    shape = [dim.size for dim in proto.tensor_shape.dim]
    if proto.tensor_shape.unknown_rank or min(shape, default=0) < 0:
        raise ValueError(f"a tensor has a shape, got {shape}")
    if proto.dtype not in _FIELDS:
        raise ValueError(f"no tensor of type {proto.dtype} can be sent")
    size = math.prod(shape)
    if proto.tensor_content:
        return _from_content(proto, size).reshape(shape)
    values = _from_values(proto, size)
    if len(values) < size:
        values = _filled(values, size)
    return values.reshape(shape)


def _from_content(proto: Any, size: int) -> np.ndarray:
    content = proto.tensor_content
    if proto.dtype == types_pb2.DT_STRING:
        return _strings(content, size)
    array = np.frombuffer(content, _DTYPES[proto.dtype])
    if len(array) != size:
        raise ValueError(f"must hold {size} values, got {len(array)}")
    return array


def _strings(content: bytes, size: int) -> np.ndarray:
    """Reads all lengths, then all strings, as TensorFlow's EncodeStringList writes."""
    if size > len(content):
        raise ValueError(f"{len(content)} bytes cannot hold {size} strings")
    lengths, position = [], 0
    for _ in range(size):
        length, position = _DecodeVarint(content, position)
        lengths.append(length)
    if position + sum(lengths) != len(content):
        raise ValueError("the lengths of the strings must add up to their bytes")
    array = np.empty(size, object)
    for index, length in enumerate(lengths):
        array[index] = content[position : position + length]
        position += length
    return array


def _from_values(proto: Any, size: int) -> np.ndarray:
    """Returns no more than `size` values, in one dimension."""
    field, dtype = _FIELDS[proto.dtype], _DTYPES[proto.dtype]
    values = getattr(proto, field)
    if proto.dtype == types_pb2.DT_STRING:
        array = np.empty(min(len(values), size), object)
        array[:] = values[:size]
        return array
    stored = np.fromiter(values, _STORED.get(field, dtype), len(values))
    if field == "half_val":
        return stored.astype(np.uint16).view(dtype)[:size]
    if dtype.kind == "c":
        return stored[: len(stored) // 2 * 2].view(dtype)[:size]
    return stored[:size].astype(dtype, copy=False)


def _filled(values: np.ndarray, size: int) -> np.ndarray:
    if size * values.itemsize > _MAX_FILLED_BYTES:
        raise ValueError(f"{size} values must not come from {len(values)}")
    empty = b"" if values.dtype == object else values.dtype.type(0)
    array = np.full(size, values[-1] if len(values) else empty, values.dtype)
    array[: len(values)] = values
    return array


def write_as_field(array: np.ndarray, proto: Any) -> None:
    """Fills a TensorProto with values in the field of their type."""
    kind = _KINDS[array.dtype]
    proto.dtype = kind
    dim = proto.tensor_shape.dim
    for size in array.shape:
        dim.add(size=size)
    field = _FIELDS[kind]
    if field == "half_val":
        array = array.view(np.uint16)
    elif array.dtype.kind == "c":
        array = np.ascontiguousarray(array).view(_STORED[field])
    getattr(proto, field).extend(array.ravel().tolist())
