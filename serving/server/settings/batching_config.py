"""Reads the text BatchingParameters, whose message the wheel of the API lacks."""

from __future__ import annotations

from typing import Any

from google.protobuf import text_format
from google.protobuf.wrappers_pb2 import BoolValue, Int64Value, StringValue

from serving.server.errors import InvalidArgumentError
from serving.server.settings.batching_settings import BatchingSettings
from serving.server.settings.small_message import BOOL, INT64, message_class
from serving.server.settings.text_proto import read_text_proto

_UNSIGNED = 2**64  # TensorFlow Serving takes -1 of these as "as many as there are"
# Fields of session_bundle_config.proto that are {value: ...}.
_WRAPPED = {
    "max_batch_size": (1, Int64Value),
    "batch_timeout_micros": (2, Int64Value),
    "max_enqueued_batches": (3, Int64Value),
    "num_batch_threads": (4, Int64Value),
    "thread_pool_name": (5, StringValue),
    "enable_large_batch_splitting": (8, BoolValue),
    "max_execution_batch_size": (9, Int64Value),
}
_Message = message_class(
    "BatchingParameters",
    _WRAPPED
    | {
        "allowed_batch_sizes": (6, INT64),
        "pad_variable_length_inputs": (7, BOOL),
    },
    repeated=("allowed_batch_sizes",),
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
    message = _Message()
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
    message = _Message()
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
        for name in _WRAPPED
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
