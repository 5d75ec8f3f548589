"""Replays the requests that a model brings, before its version becomes available."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from serving.server.api.predict import Limits, predict
from serving.server.errors import InvalidArgumentError, UnimplementedError
from serving.server.models.servable import Runner

WARMUP_FILE = "assets.extra/tf_serving_warmup_requests"
MAX_RECORDS = 1000


def warm_up(runner: Runner, path: str, *, iterations: int) -> int:
    """Replays every request; returns how many there were.

    Args:
        runner: The version.
        path: Its folder; without the file of requests nothing is done.
        iterations: How often each is replayed.

    Raises:
        ServingError: One of them fails: then the version must not be served.
    """
    file = posixpath.join(path, WARMUP_FILE)
    if not tf.io.gfile.exists(file):
        return 0
    count = 0
    for request in _requests(file):
        if count == MAX_RECORDS:
            raise InvalidArgumentError(
                f"Number of warmup records exceeds the maximum ({MAX_RECORDS}) at"
                f" {file}"
            )
        for _ in range(iterations):
            predict(runner, request, Limits())
        count += 1
    return count


def _requests(file: str) -> Iterator[Any]:
    for record in tf.data.TFRecordDataset(file).as_numpy_iterator():
        log = prediction_log_pb2.PredictionLog.FromString(record)
        kind = log.WhichOneof("log_type")
        if kind != "predict_log":
            raise UnimplementedError(f"Unsupported log_type for warmup: {kind}")
        yield log.predict_log.request
