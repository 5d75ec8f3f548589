"""TensorProto to NumPy array and back, in each form that TF Serving writes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from serving.wire import tensor_pb2 as wire

# Data type -> NumPy's type, and the field of the values where it is not the content.
_NUMBERS: dict[int, tuple[Any, str]] = {
    wire.DT_FLOAT: (np.float32, "float_val"),
    wire.DT_DOUBLE: (np.float64, "double_val"),
    wire.DT_INT8: (np.int8, "int_val"),
    wire.DT_INT16: (np.int16, "int_val"),
    wire.DT_INT32: (np.int32, "int_val"),
    wire.DT_INT64: (np.int64, "int64_val"),
    wire.DT_UINT8: (np.uint8, "int_val"),
    wire.DT_UINT16: (np.uint16, "int_val"),
    wire.DT_BOOL: (np.bool_, "bool_val"),
}


def bytes_tensor(values: Sequence[bytes]) -> wire.TensorProto:
    """Returns a string tensor [n]."""
    tensor = wire.TensorProto(dtype=wire.DT_STRING, string_val=values)
    tensor.tensor_shape.dim.add(size=len(values))
    return tensor


def read_tensor(tensor: wire.TensorProto) -> npt.NDArray[Any]:
    """Returns a tensor's values, strings as an array of `bytes` objects.

    TF Serving writes the `*_val` fields; from 2.19 on it can be told to write
    `tensor_content`. Fewer values than the shape has room for mean that the last one
    fills the rest.

    Raises:
        ValueError: The type is none of ours, or values and shape disagree.
    """
    shape = tuple(dim.size for dim in tensor.tensor_shape.dim)
    if tensor.tensor_shape.unknown_rank or min(shape, default=0) < 0:
        raise ValueError(f"a tensor's shape must be known, got {list(shape)}")
    if tensor.dtype == wire.DT_STRING:
        values = _strings(tensor, math.prod(shape))
    elif tensor.dtype in _NUMBERS:
        values = _numbers(tensor)
    else:
        raise ValueError(
            f"a tensor's type must be a string, a bool or a number of NumPy's, got"
            f" DataType {tensor.dtype}; ask for other outputs"
        )
    return _filled(values, math.prod(shape)).reshape(shape)


def _numbers(tensor: wire.TensorProto) -> npt.NDArray[Any]:
    dtype, field = _NUMBERS[tensor.dtype]
    if tensor.tensor_content:
        return np.frombuffer(tensor.tensor_content, np.dtype(dtype).newbyteorder("<"))
    return np.array(getattr(tensor, field), dtype)


def _strings(tensor: wire.TensorProto, count: int) -> npt.NDArray[Any]:
    if tensor.tensor_content:
        found = list(_split_content(tensor.tensor_content, count))
    else:
        found = list(tensor.string_val)
    values = np.empty(len(found), object)
    values[:] = found
    return values


def _split_content(content: bytes, count: int) -> Iterator[bytes]:
    """Yields the strings of a content: all lengths as varints, then all bytes."""
    lengths: list[int] = []
    at = 0
    for _ in range(count):
        length, shift, more = 0, 0, True
        while more:
            if at == len(content):
                raise ValueError(
                    f"a string tensor's content must hold {count} lengths, got"
                    f" {len(lengths)} in {len(content)} bytes"
                )
            length |= (content[at] & 0x7F) << shift
            shift, more, at = shift + 7, content[at] >= 0x80, at + 1
        lengths.append(length)
    if at + sum(lengths) != len(content):
        raise ValueError(
            f"a string tensor's content must have {at + sum(lengths)} bytes by its"
            f" lengths, got {len(content)}"
        )
    for length in lengths:
        yield content[at : at + length]
        at += length


def _filled(values: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    if len(values) > size:
        raise ValueError(f"a tensor of {size} values must not hold {len(values)}")
    if len(values) == size:
        return values
    default = b"" if values.dtype == object else values.dtype.type()
    filled = np.empty(size, values.dtype)
    filled[: len(values)] = values
    filled[len(values) :] = values[-1] if len(values) else default
    return filled
