"""Makes a version ready to answer: loads it, then replays its warm-up requests."""

from __future__ import annotations

import logging
import time

from serving.server.api.call import CallOptions
from serving.server.api.warmup import warm_up
from serving.server.batching.batcher import Batcher
from serving.server.errors import Code, as_serving_error
from serving.server.flags import ServerFlags
from serving.server.models.counted_runner import CountedRunner
from serving.server.models.servable import Runner
from serving.server.models.session_config import session_config
from serving.server.models.session_runner import SessionRunner
from serving.server.models.timed_runner import TimedRunner
from serving.server.watching.metrics import Metrics
from serving.server.watching.model_load import counted_load

_LOG = logging.getLogger(__name__)


class VersionLoader:
    """Loads as the command line says; may be used from any thread."""

    def __init__(
        self, flags: ServerFlags, metrics: Metrics, batcher: Batcher | None = None
    ) -> None:
        self._flags = flags
        self._metrics = metrics
        self._batcher = batcher
        self._session_config = session_config(
            session_threads=flags.tensorflow_session_parallelism,
            intra_op_threads=flags.tensorflow_intra_op_parallelism,
            inter_op_threads=flags.tensorflow_inter_op_parallelism,
            gpu_memory_fraction=flags.per_process_gpu_memory_fraction,
        )

    def load(self, name: str, path: str) -> Runner:
        """Returns a model's version, from its folder.

        Raises:
            Exception: It cannot be loaded, or one of its warm-up requests fails.
        """
        flags = self._flags
        with counted_load(name, path, self._metrics):
            session = SessionRunner(
                path,
                tags=flags.tags,
                config=self._session_config,
            )
        runner: Runner = CountedRunner(session, metrics=self._metrics)
        try:
            if self._batcher is not None:
                runner = self._batcher.wrap(runner, path)
            if flags.enable_model_warmup:
                self._warm_up(runner, path)
        except BaseException:
            runner.close()
            raise
        return TimedRunner(runner, model_name=name, metrics=self._metrics)

    def _warm_up(self, runner: Runner, path: str) -> None:
        started = time.perf_counter()
        code = Code.OK
        try:
            count = warm_up(
                runner,
                path,
                iterations=self._flags.num_request_iterations_for_warmup,
                options=CallOptions(
                    checks_method_names=self._flags.enable_signature_method_name_check
                ),
            )
        except Exception as err:
            code = as_serving_error(err).code
            raise
        finally:
            latency_us = (time.perf_counter() - started) * 1e6
            self._metrics.observe_warmup(path, code.name, latency_us)
        _LOG.info("replayed %d warm-up requests in %.0f ms", count, latency_us / 1e3)
