"""What TensorFlow calls its types in messages."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.core.framework import types_pb2


def enum_name(dtype: np.dtype[Any]) -> str:
    """Returns TensorFlow's name of an array's type, such as `DT_FLOAT`."""
    return str(types_pb2.DataType.Name(tf.as_dtype(dtype).as_datatype_enum))


def dtype_name(dtype: int | np.dtype[Any]) -> str:
    """Returns the name of an enum's or an array's type, such as `float` or `uint8`."""
    if isinstance(dtype, int):
        name = str(types_pb2.DataType.Name(dtype))
    else:
        name = enum_name(dtype)
    return name.removeprefix("DT_").lower()
