"""Tensors as TensorFlow's own C++ reads and writes them, type by type."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2

from serving.server.api.tensor_proto import from_proto, write_as_field
from serving.server.errors import InvalidArgumentError

NUMBERS = [
    *(tf.float16, tf.bfloat16, tf.float32, tf.float64, tf.complex64, tf.complex128),
    *(tf.int8, tf.int16, tf.int32, tf.int64),
    *(tf.uint8, tf.uint16, tf.uint32, tf.uint64, tf.bool),
]


def drawn(dtype: tf.DType) -> np.ndarray:
    rng = np.random.default_rng(dtype.as_datatype_enum)
    if dtype.is_integer:
        return rng.integers(dtype.min, dtype.max, (2, 3), dtype.as_numpy_dtype)
    values = rng.normal(size=(2, 3)) + (1j if dtype.is_complex else 0)
    return (values > 0 if dtype.is_bool else values).astype(dtype.as_numpy_dtype)


@pytest.mark.parametrize("dtype", NUMBERS, ids=lambda dtype: dtype.name)
def test_every_type_goes_through_either_form(dtype: tf.DType) -> None:
    array = drawn(dtype)
    proto = tensor_pb2.TensorProto()
    write_as_field(array, proto)
    assert not proto.tensor_content
    for form in (proto, tf.make_tensor_proto(array)):
        read = from_proto(form, "x")
        assert read.dtype == array.dtype
        np.testing.assert_array_equal(read, array)
    np.testing.assert_array_equal(tf.make_ndarray(proto), array)


def tensor(dtype: tf.DType, shape: list[int], **fields: Any) -> Any:
    proto = tensor_pb2.TensorProto(dtype=dtype.as_datatype_enum, **fields)
    for size in shape:
        proto.tensor_shape.dim.add().size = size
    return proto


@pytest.mark.parametrize(
    ("proto", "wanted"),
    [
        (tensor(tf.float32, [4], float_val=[1, 2]), [1, 2, 2, 2]),
        (tensor(tf.float32, [2], float_val=[1, 2, 3]), [1, 2]),
        (tensor(tf.int64, [2, 1]), [[0], [0]]),
        (tensor(tf.uint8, [2], int_val=[257, -1]), [1, 255]),
        (tensor(tf.complex64, [2], scomplex_val=[1, 2, 3]), [1 + 2j, 1 + 2j]),
        (tensor(tf.float16, [], half_val=[0x3C00]), 1.0),
        (tensor(tf.string, [3], string_val=[b"a", b""]), [b"a", b"", b""]),
        (tensor(tf.string, [2]), [b"", b""]),
        (tensor(tf.string, [0]), []),
        (tensor(tf.string, [2], tensor_content=b"\x01\x02abc"), [b"a", b"bc"]),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, list) else None,
)
def test_a_shape_takes_as_many_values_as_it_needs(proto: Any, wanted: Any) -> None:
    assert from_proto(proto, "x").tolist() == wanted


@pytest.mark.parametrize(
    "proto",
    [
        tensor(tf.float32, [-1], float_val=[1]),
        tensor(tf.float32, [2], tensor_content=b"1234567"),
        tensor(tf.float32, [3], tensor_content=b"12345678"),
        tensor(tf.float32, [2**62, 2**62]),
        tensor(tf.float32, [2**40], float_val=[1]),
        tensor(tf.string, [2**40], string_val=[b"a"]),
        tensor(tf.string, [2], tensor_content=b"\x01\x03abc"),
        tensor(tf.string, [2**40], tensor_content=b"\x01a"),
        tensor(tf.string, [1], tensor_content=b"\xff"),
        tensor(tf.resource, [1]),
        tensor_pb2.TensorProto(),
        tensor_pb2.TensorProto(dtype=999),
        tensor_pb2.TensorProto(dtype=1, tensor_shape={"unknown_rank": True}),
    ],
    ids=lambda proto: " ".join(str(proto).split())[:40],
)
def test_what_contradicts_itself_is_no_tensor(proto: Any) -> None:
    with pytest.raises(InvalidArgumentError) as raised:
        from_proto(proto, "x")
    assert raised.value.message == "tensor parsing error: x"


def test_strings_are_read_as_tensorflow_encodes_them() -> None:
    texts = [b"", b"x" * 300, b"\0y"]
    content = b"\x00\xac\x02\x02" + b"".join(texts)  # 300 takes two bytes
    read = from_proto(tensor(tf.string, [3, 1], tensor_content=content), "x")
    assert read.tolist() == [[text] for text in texts]
