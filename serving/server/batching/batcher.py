"""Batching of all models: the threads that they share, and what each model sets."""

from __future__ import annotations

import logging
import posixpath

import tensorflow as tf

from serving.server.batching.batching_runner import BatchingRunner
from serving.server.batching.scheduler import BatchScheduler
from serving.server.models.servable import Runner
from serving.server.settings.batching_config import parse_batching
from serving.server.settings.batching_settings import BatchingSettings
from serving.server.watching.metrics import Metrics

MODEL_FILE = "batching_params.pbtxt"
_LOG = logging.getLogger(__name__)


class Batcher:
    """Puts a queue before the versions of every model that wants one."""

    def __init__(
        self, settings: BatchingSettings, *, per_model: bool, metrics: Metrics
    ) -> None:
        """Starts the threads.

        Args:
            settings: For all models; with `per_model` for the threads alone.
            per_model: Whether a version's own file decides, and those without one run
                request by request.
            metrics: Counts requests and batches.
        """
        self._settings = settings
        self._per_model = per_model
        self._metrics = metrics
        self._scheduler = BatchScheduler(
            threads=settings.num_batch_threads, name=settings.thread_pool_name
        )

    def wrap(self, runner: Runner, path: str) -> Runner:
        """Returns the runner that answers requests to a version.

        Args:
            runner: The loaded version.
            path: Its folder.

        Raises:
            InvalidArgumentError: With these settings it cannot be served.
        """
        settings = self._settings_of(path)
        if settings is None:
            return runner
        settings.check_queue()
        _LOG.info("Wrapping session to perform batch processing: %s", path)
        return BatchingRunner(
            runner,
            scheduler=self._scheduler,
            settings=settings,
            metrics=self._metrics,
        )

    def hurry(self) -> None:
        """Runs what waits at once, and what still comes: the server stops."""
        self._scheduler.hurry()

    def close(self) -> None:
        """Ends the threads; all runners must be closed."""
        self._scheduler.close()

    def _settings_of(self, path: str) -> BatchingSettings | None:
        if not self._per_model:
            return self._settings
        file = posixpath.join(path, MODEL_FILE)
        if not tf.io.gfile.exists(file):
            return None
        with tf.io.gfile.GFile(file, "rb") as stream:
            return parse_batching(stream.read(), path=file)
