"""Counts the loading of SavedModels where TensorFlow's C++ loader would count it."""

from __future__ import annotations

import contextlib
import posixpath
import time
from collections.abc import Iterator

import tensorflow as tf

from serving.server.watching.metric_names import (
    LOAD_ATTEMPT_COUNT,
    LOAD_LATENCY,
    MLMD_MAP,
)
from serving.server.watching.metrics import Metrics

_MLMD_FILE = "assets.extra/mlmd_uuid"


@contextlib.contextmanager
def counted_load(model_name: str, path: str, metrics: Metrics) -> Iterator[None]:
    """Counts what happens inside as one try to load the version at `path`.

    A version that brings its id in ML Metadata is told in mlmd_map. There TensorFlow
    Serving prints 0 for the id, a text, and so do we.
    """
    started = time.perf_counter()
    status = "fail"
    try:
        yield
        status = "success"
    finally:
        metrics.count(LOAD_ATTEMPT_COUNT, (path, status))
        latency_us = int((time.perf_counter() - started) * 1e6)
        metrics.count(LOAD_LATENCY, (path,), latency_us)
    if tf.io.gfile.exists(posixpath.join(path, _MLMD_FILE)):
        version = str(int(posixpath.basename(path.rstrip("/"))))
        metrics.count(MLMD_MAP, (model_name, version), 0)
