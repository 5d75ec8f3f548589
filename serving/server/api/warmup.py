"""Replays the requests that a model brings, before its version becomes available."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf
from google.protobuf.message import DecodeError
from tensorflow_serving.apis import prediction_log_pb2

from serving.server.api.call import CallOptions
from serving.server.api.classify import classify
from serving.server.api.multi_inference import multi_inference
from serving.server.api.predict import predict
from serving.server.api.regress import regress
from serving.server.errors import (
    Code,
    InvalidArgumentError,
    ServingError,
    UnimplementedError,
)
from serving.server.models.servable import Runner

WARMUP_FILE = "assets.extra/tf_serving_warmup_requests"
MAX_RECORDS = 1000
_SHOWN_BYTES = 64  # of a record that is no PredictionLog

_CALLS: dict[str, Callable[[Runner, Any, CallOptions], Any]] = {
    "predict_log": predict,
    "classify_log": classify,
    "regress_log": regress,
    "multi_inference_log": multi_inference,
}
# What TensorFlow's Python puts around the words of its reader.
_AROUND = re.compile(r"^\{\{.*?\}\} | \[Op:.*$", re.DOTALL)


def warm_up(runner: Runner, path: str, *, iterations: int, options: CallOptions) -> int:
    """Replays every request; returns how many there were.

    Args:
        runner: The version.
        path: Its folder; without the file of requests nothing is done.
        iterations: How often each is replayed.
        options: What holds for each.

    Raises:
        ServingError: One of them fails: then the version must not be served.
    """
    file = posixpath.join(path, WARMUP_FILE)
    if not tf.io.gfile.exists(file):
        return 0
    count = 0
    for record in _records(file):
        if count == MAX_RECORDS:
            raise InvalidArgumentError(
                f"Number of warmup records exceeds the maximum ({MAX_RECORDS}) at"
                f" {file}"
            )
        call, request = _read(record, file)
        for _ in range(iterations):
            call(runner, request, options)
        count += 1
    return count


def _records(file: str) -> Iterator[bytes]:
    try:
        yield from tf.data.TFRecordDataset(file).as_numpy_iterator()
    except tf.errors.DataLossError as err:
        raise ServingError(
            f"{_AROUND.sub('', err.message)}. Please verify your warmup data is in"
            f" TFRecord format. The file is {file}",
            Code.DATA_LOSS,
        ) from err


def _read(
    record: bytes, file: str
) -> tuple[Callable[[Runner, Any, CallOptions], Any], Any]:
    try:
        log = prediction_log_pb2.PredictionLog.FromString(record)
    except DecodeError as err:
        raise InvalidArgumentError(
            f"Failed to parse warmup record: {record[:_SHOWN_BYTES]!r} from {file}"
        ) from err
    kind = log.WhichOneof("log_type")
    if kind not in _CALLS:
        number = log.DESCRIPTOR.fields_by_name[kind].number if kind else 0
        raise UnimplementedError(
            f"Unsupported log_type for warmup: {number} ({kind or 'none'})"
        )
    return _CALLS[kind], getattr(log, kind).request
