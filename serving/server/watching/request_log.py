"""The request log: a share of the requests and their answers as PredictionLog."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Sequence
from typing import Any

from google.protobuf.message import EncodeError
from tensorflow_serving.apis import prediction_log_pb2

from serving.server.errors import Code
from serving.server.watching.metric_names import REQUEST_LOG_COUNT
from serving.server.watching.metrics import Metrics
from serving.server.watching.record_folder import RecordFolder
from serving.server.watching.record_queue import LogRecord, RecordQueue

MAX_WAITING_BYTES = 64 * 2**20
_LOOK_S = 1.0
_CLOSE_S = 5.0

_LOG = logging.getLogger(__name__)


class RequestLog:
    """Logs from any thread, writes in one of its own; no request waits for it.

    What finds no room in the queue counts as RESOURCE_EXHAUSTED in request_log_count,
    what no file takes as UNAVAILABLE, what is in a file as OK.
    """

    def __init__(
        self,
        folder: RecordFolder,
        *,
        metrics: Metrics,
        sampling_rate: float = 1.0,
        tags: Sequence[str] = (),
        max_waiting_bytes: int = MAX_WAITING_BYTES,
    ) -> None:
        """Starts the thread that writes.

        Args:
            folder: Where to; only the thread touches it from now on.
            metrics: Counts the logs.
            sampling_rate: Share of the requests that is logged.
            tags: Tags of the loaded graphs, which every log names.
            max_waiting_bytes: What may wait for the thread.
        """
        self._folder = folder
        self._metrics = metrics
        self._sampling_rate = sampling_rate
        self._tags = tuple(tags)
        self._queue = RecordQueue(max_waiting_bytes)
        self._thread = threading.Thread(
            target=self._write, name="request-log", daemon=True
        )
        self._thread.start()

    def wants(self) -> bool:
        """Draws whether a request is logged."""
        return random.random() < self._sampling_rate

    def add(self, kind: str, request: Any, response: Any, model_spec: Any) -> None:
        """Logs a request that `wants` has chosen.

        Args:
            kind: The field of PredictionLog, such as `predict_log`.
            request: The message as it came.
            response: The message of the answer.
            model_spec: Which model, version and signature answered.
        """
        if self._queue.full:  # then it is not worth its bytes' copies
            self._count(model_spec.name, Code.RESOURCE_EXHAUSTED)
            return
        try:
            data = self._serialize(kind, request, response, model_spec)
        except (EncodeError, MemoryError):  # 2 GiB is what a message may have
            self._count(model_spec.name, Code.RESOURCE_EXHAUSTED)
            return
        record = LogRecord(model_name=model_spec.name, data=data)
        if not self._queue.put(record):
            self._count(record.model_name, Code.RESOURCE_EXHAUSTED)

    def _serialize(
        self, kind: str, request: Any, response: Any, model_spec: Any
    ) -> bytes:
        log = prediction_log_pb2.PredictionLog()
        log.log_metadata.model_spec.CopyFrom(model_spec)
        log.log_metadata.sampling_config.sampling_rate = self._sampling_rate
        log.log_metadata.saved_model_tags.extend(self._tags)
        getattr(log, kind).request.CopyFrom(request)
        getattr(log, kind).response.CopyFrom(response)
        return log.SerializeToString()

    def close(self) -> None:
        """Writes what waits and finishes the file."""
        self._queue.close()
        self._thread.join(_CLOSE_S)
        if self._thread.is_alive():
            _LOG.warning("the request log is not finished: its disk is too slow")

    def _write(self) -> None:
        while (records := self._queue.take(_LOOK_S)) is not None:
            self._folder.finish_if_due()
            if records:
                written = self._folder.write([record.data for record in records])
                for record in records:
                    self._count(
                        record.model_name, Code.OK if written else Code.UNAVAILABLE
                    )
        self._folder.finish()

    def _count(self, model_name: str, code: Code) -> None:
        self._metrics.count(REQUEST_LOG_COUNT, (model_name, code.name))
