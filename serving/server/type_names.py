"""What TensorFlow calls its types in messages."""

from __future__ import annotations

from tensorflow.core.framework import types_pb2


def dtype_name(dtype: int) -> str:
    """Returns TensorFlow's name of a type, such as `float` or `uint8`."""
    return types_pb2.DataType.Name(dtype).removeprefix("DT_").lower()
