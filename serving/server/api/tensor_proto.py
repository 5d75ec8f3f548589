"""Arrays from and to the messages of the API."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import tensorflow as tf
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
}
_BIT_FIELDS = (types_pb2.DT_HALF, types_pb2.DT_BFLOAT16)
_COMPLEX_FIELDS = {
    types_pb2.DT_COMPLEX64: ("scomplex_val", np.float32),
    types_pb2.DT_COMPLEX128: ("dcomplex_val", np.float64),
}


def dtype_name(dtype: int) -> str:
    """Returns TensorFlow's name of a type, such as `float` or `uint8`."""
    return types_pb2.DataType.Name(dtype).removeprefix("DT_").lower()


def from_proto(proto: Any, alias: str) -> np.ndarray:
    """Returns the array of a TensorProto in either form; one value fills a shape.

    Raises:
        InvalidArgumentError: The message contradicts itself.
    """
    try:
        if proto.dtype == types_pb2.DT_STRING:
            return _strings(proto)
        return tf.make_ndarray(proto)
    # What contradicts itself breaks NumPy in as many ways.
    except (ValueError, TypeError, KeyError, MemoryError, OverflowError) as err:
        raise InvalidArgumentError(f"tensor parsing error: {alias}") from err


def _strings(proto: Any) -> np.ndarray:
    shape = [dim.size for dim in proto.tensor_shape.dim]
    size = math.prod(shape)
    values = list(proto.string_val)
    if proto.tensor_content or min(shape, default=0) < 0:
        raise ValueError("strings stand in string_val, and sizes are not negative")
    array = np.empty(size, object)
    array[: len(values)] = values[:size]
    array[len(values) :] = values[-1] if values else b""
    return array.reshape(shape)


def write_as_field(array: np.ndarray, proto: Any) -> None:
    """Fills a TensorProto with values in the field of their type."""
    dtype = tf.as_dtype(array.dtype).as_datatype_enum
    proto.dtype = dtype
    for size in array.shape:
        proto.tensor_shape.dim.add().size = size
    if dtype in _BIT_FIELDS:
        proto.half_val.extend(array.view(np.uint16).ravel().tolist())
    elif dtype in _COMPLEX_FIELDS:
        field, part = _COMPLEX_FIELDS[dtype]
        getattr(proto, field).extend(np.ascontiguousarray(array).view(part).ravel())
    else:
        getattr(proto, _FIELDS[dtype]).extend(array.ravel().tolist())
