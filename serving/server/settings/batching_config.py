"""Reads the text BatchingParameters, whose message the wheel of the API lacks."""

from __future__ import annotations

import functools
from typing import Any

from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    message_factory,
    text_format,
    wrappers_pb2,
)

from serving.server.errors import InvalidArgumentError
from serving.server.settings.batching_settings import BatchingSettings
from serving.server.settings.text_proto import read_text_proto

_PACKAGE = "carseg.serving"  # TensorFlow Serving's own name may be taken one day
_UNSIGNED = 2**64  # TensorFlow Serving takes -1 of these as "as many as there are"
# Fields of session_bundle_config.proto that are {value: ...}.
_WRAPPED = (
    ("max_batch_size", 1, "Int64Value"),
    ("batch_timeout_micros", 2, "Int64Value"),
    ("max_enqueued_batches", 3, "Int64Value"),
    ("num_batch_threads", 4, "Int64Value"),
    ("thread_pool_name", 5, "StringValue"),
    ("enable_large_batch_splitting", 8, "BoolValue"),
    ("max_execution_batch_size", 9, "Int64Value"),
)
_COUNTS = ("max_batch_size", "max_enqueued_batches", "max_execution_batch_size")


def read_batching(*, enabled: bool, path: str) -> BatchingSettings | None:
    """Returns what holds for all models, None where batching is off.

    Args:
        enabled: The flag `enable_batching`.
        path: The flag `batching_parameters_file`, empty for the defaults.

    Raises:
        InvalidArgumentError: The flags or the file cannot be followed.
    """
    if not enabled:
        if path:
            raise InvalidArgumentError(
                "server_options.batching_parameters_file is set without setting"
                " server_options.enable_batching to true."
            )
        return None
    if not path:
        return BatchingSettings(thread_pool_name="model_server_batch_threads")
    message = _message_class()()
    read_text_proto(
        path, message, flag="batching_parameters_file", kind="BatchingParameters"
    )
    settings = _from_message(message)
    if settings.num_batch_threads < 1:
        raise InvalidArgumentError(
            f"num_batch_threads must be positive; was {settings.num_batch_threads}"
        )
    return settings


def parse_batching(text: bytes, *, path: str) -> BatchingSettings:
    """Returns the settings that a model brings; its threads mean nothing.

    Raises:
        InvalidArgumentError: It is no BatchingParameters; names the path.
    """
    message = _message_class()()
    try:
        text_format.Parse(text, message)
    except (text_format.ParseError, UnicodeDecodeError) as err:
        raise InvalidArgumentError(
            f"Invalid protobuf file: '{path}'; Error parsing text-format"
            f" tensorflow.serving.BatchingParameters: {err}"
        ) from err
    return _from_message(message)


def _from_message(message: Any) -> BatchingSettings:
    given = {
        name: getattr(message, name).value
        for name, _, _ in _WRAPPED
        if message.HasField(name)
    }
    for name in _COUNTS:
        if name in given:
            given[name] %= _UNSIGNED
    if "max_execution_batch_size" not in given and "max_batch_size" in given:
        given["max_execution_batch_size"] = given["max_batch_size"]
    return BatchingSettings(
        **given,
        allowed_batch_sizes=tuple(message.allowed_batch_sizes),
        pad_variable_length_inputs=message.pad_variable_length_inputs,
    )


@functools.cache
def _message_class() -> Any:
    """Builds the message of session_bundle_config.proto with its names and numbers."""
    file = descriptor_pb2.FileDescriptorProto(
        name="carseg/serving/batching_parameters.proto",
        package=_PACKAGE,
        syntax="proto3",
        dependency=[wrappers_pb2.DESCRIPTOR.name],
    )
    kinds = descriptor_pb2.FieldDescriptorProto
    parameters = file.message_type.add(name="BatchingParameters")
    for name, number, wrapper in _WRAPPED:
        parameters.field.add(
            name=name,
            number=number,
            type=kinds.TYPE_MESSAGE,
            type_name=f".google.protobuf.{wrapper}",
            label=kinds.LABEL_OPTIONAL,
        )
    parameters.field.add(
        name="allowed_batch_sizes",
        number=6,
        type=kinds.TYPE_INT64,
        label=kinds.LABEL_REPEATED,
    )
    parameters.field.add(
        name="pad_variable_length_inputs",
        number=7,
        type=kinds.TYPE_BOOL,
        label=kinds.LABEL_OPTIONAL,
    )
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(wrappers_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    descriptor = pool.FindMessageTypeByName(f"{_PACKAGE}.BatchingParameters")
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)
