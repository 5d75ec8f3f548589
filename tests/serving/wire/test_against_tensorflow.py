"""Our messages are TF Serving's, field by field and byte by byte.

Here alone TensorFlow is loaded beside them: it is what they are compared with.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2 as tf_tensor_pb2
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import error_codes_pb2, meta_graph_pb2
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_pb2,
    predict_pb2,
    status_pb2,
)

from serving.wire import (
    model_metadata_pb2,
    model_spec_pb2,
    model_status_pb2,
    tensor_pb2,
)
from serving.wire import predict_pb2 as wire_predict_pb2
from serving.wire.tensor_values import bytes_tensor, read_tensor

PROTOS = Path(__file__).parents[3] / "serving" / "wire"
FILES = [
    tensor_pb2,
    model_spec_pb2,
    wire_predict_pb2,
    model_status_pb2,
    model_metadata_pb2,
]
THEIRS = [
    predict_pb2,
    model_pb2,
    get_model_status_pb2,
    get_model_metadata_pb2,
    status_pb2,
    meta_graph_pb2,
    tf_tensor_pb2,
    tf_tensor_pb2.tensorflow_dot_core_dot_framework_dot_tensor__shape__pb2,
]


def all_messages(descriptors: Any) -> list[Any]:
    found = list(descriptors)
    return found + [
        inner for entry in found for inner in all_messages(entry.nested_types)
    ]


OURS = [m for file in FILES for m in file.DESCRIPTOR.message_types_by_name.values()]
MESSAGES = all_messages(OURS)


def local(name: str) -> str:
    """Returns a full name without its package."""
    for package in ("carseg.wire.", "tensorflow.serving.", "tensorflow.error."):
        name = name.removeprefix(package)
    return name.removeprefix("tensorflow.")


def their_message(name: str) -> Any:
    outer, *inner = name.split(".")
    for file in THEIRS:
        descriptor = file.DESCRIPTOR.message_types_by_name.get(outer)
        if descriptor is not None:
            for part in inner:
                descriptor = descriptor.nested_types_by_name[part]
            return descriptor
    raise AssertionError(f"TF Serving has no message {name}")


def facts(field: Any) -> tuple[Any, ...]:
    message = field.message_type and local(field.message_type.full_name)
    enum = field.enum_type and local(field.enum_type.full_name)
    packed = field.label == field.LABEL_REPEATED and field.type not in (9, 11, 12)
    one_of = field.containing_oneof and field.containing_oneof.name
    return (field.number, field.type, field.label, packed, message, enum, one_of)


@pytest.mark.parametrize("ours", MESSAGES, ids=lambda ours: local(ours.full_name))
def test_every_field_is_tf_servings(ours: Any) -> None:
    theirs = their_message(local(ours.full_name))

    assert ours.fields
    assert {field.name: facts(field) for field in ours.fields} == {
        name: facts(field)
        for name, field in theirs.fields_by_name.items()
        if name in ours.fields_by_name
    }
    for field in ours.fields:
        is_packed = field.has_options and field.GetOptions().packed
        their_field = theirs.fields_by_name[field.name]
        assert is_packed == (
            their_field.has_options and their_field.GetOptions().packed
        )


def test_no_message_of_the_files_was_left_out() -> None:
    names = {local(entry.full_name) for entry in MESSAGES}

    assert {"TensorProto", "TensorShapeProto.Dim", "ModelSpec"} <= names
    assert {"PredictRequest.InputsEntry", "GetModelMetadataResponse"} <= names
    text = "".join(path.read_text() for path in sorted(PROTOS.glob("*.proto")))
    assert (
        len(names) == len(MESSAGES) == len(re.findall(r"\bmessage \w+ {|\bmap<", text))
    )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (tensor_pb2.DataType, types_pb2.DataType),
        (model_status_pb2.Code, error_codes_pb2.Code),
        (
            model_status_pb2.ModelVersionStatus.State,
            get_model_status_pb2.ModelVersionStatus.State,
        ),
    ],
    ids=["DataType", "Code", "State"],
)
def test_every_number_has_tensorflows_name(ours: Any, theirs: Any) -> None:
    assert set(ours.items()) <= set(theirs.items())


def test_a_request_is_the_same_bytes() -> None:
    photos = [b"\x00\xff", b"", b"x" * 300]
    ours = wire_predict_pb2.PredictRequest()
    ours.model_spec.name, ours.model_spec.signature_name = "car", "serving_default"
    ours.model_spec.version.value = 3
    ours.inputs["image_bytes"].CopyFrom(bytes_tensor(photos))
    ours.output_filter.append("height")

    theirs = predict_pb2.PredictRequest()
    theirs.model_spec.name, theirs.model_spec.signature_name = "car", "serving_default"
    theirs.model_spec.version.value = 3
    theirs.inputs["image_bytes"].CopyFrom(tf.make_tensor_proto(photos))
    theirs.output_filter.append("height")

    assert ours.SerializeToString(deterministic=True) == theirs.SerializeToString(
        deterministic=True
    )


DTYPES = [
    *(np.float32, np.float64, np.int8, np.int16, np.int32, np.int64),
    *(np.uint8, np.uint16, np.bool_),
]
FIELDS = {np.float32: "float_val", np.float64: "double_val", np.int64: "int64_val"}


@pytest.mark.parametrize("shape", [(), (0,), (5,), (2, 3), (1, 0, 4)], ids=str)
@pytest.mark.parametrize("form", ["tensor_content", "values"])
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
def test_numbers_are_read_in_both_forms(
    dtype: Any, form: str, shape: tuple[int, ...]
) -> None:
    array = np.random.default_rng(7).uniform(-99, 99, shape).astype(dtype)
    proto = tf_tensor_pb2.TensorProto.FromString(tf.io.serialize_tensor(array).numpy())
    if form == "values":
        proto.tensor_content = b""
        field = FIELDS.get(dtype, "bool_val" if dtype is np.bool_ else "int_val")
        getattr(proto, field).extend(array.ravel().tolist())

    ours = read_tensor(tensor_pb2.TensorProto.FromString(proto.SerializeToString()))

    assert ours.dtype == dtype
    np.testing.assert_array_equal(ours, array)
    np.testing.assert_array_equal(ours, tf.make_ndarray(proto))


def string_content(values: list[bytes]) -> bytes:
    lengths = b""
    for value in values:
        length = len(value)
        while length >= 0x80:
            lengths += bytes([length & 0x7F | 0x80])
            length >>= 7
        lengths += bytes([length])
    return lengths + b"".join(values)


@pytest.mark.parametrize("form", ["string_val", "tensor_content"])
def test_strings_are_read_in_both_forms(form: str) -> None:
    values = [b"", b"\x00\xff", b"y" * 127, b"z" * 128, b"w" * 20000]
    proto = tf.make_tensor_proto(values)
    if form == "tensor_content":
        del proto.string_val[:]
        proto.tensor_content = string_content(values)
    written = proto.SerializeToString()

    ours = read_tensor(tensor_pb2.TensorProto.FromString(written))

    assert ours.tolist() == values
    assert tf.io.parse_tensor(written, tf.string).numpy().tolist() == values


@pytest.mark.parametrize("given", [0, 1, 2], ids=str)
def test_the_last_value_fills_the_rest(given: int) -> None:
    proto = tf_tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT)
    proto.tensor_shape.dim.add(size=2)
    proto.tensor_shape.dim.add(size=2)
    proto.float_val.extend([3.5, 4.5][:given])

    ours = read_tensor(tensor_pb2.TensorProto.FromString(proto.SerializeToString()))

    np.testing.assert_array_equal(ours, tf.make_ndarray(proto))
    assert ours.ravel().tolist() == [[0.0] * 4, [3.5] * 4, [3.5, 4.5, 4.5, 4.5]][given]
