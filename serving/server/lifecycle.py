"""The server from the first look for models to the last answer."""

from __future__ import annotations

import gc
import logging
import os
import socket
import time
from collections.abc import Sequence

import grpc

from serving.server.api.predict import Limits
from serving.server.api.service import ModelService
from serving.server.api.warmup import warm_up
from serving.server.errors import Code, as_serving_error
from serving.server.flags import ServerFlags
from serving.server.models.model_manager import ModelManager
from serving.server.models.servable import Runner
from serving.server.models.session_runner import SessionRunner
from serving.server.models.timed_runner import TimedRunner
from serving.server.models.version_source import VersionSource
from serving.server.rest.rest_api import RestApi
from serving.server.rest.rest_front import RestFront
from serving.server.rpc.grpc_front import start_grpc
from serving.server.settings.model_config import ModelSettings
from serving.server.stop_signal import StopSignal
from serving.server.watching.metrics import Metrics

_LOG = logging.getLogger(__name__)
_LOOK_S = 0.05
_SPARE_S = 2.0  # beside the drain: what it takes to close connections


class ModelServer:
    """One server process; `run` is all that it does."""

    def __init__(
        self,
        flags: ServerFlags,
        models: Sequence[ModelSettings],
        *,
        grpc_addresses: Sequence[str],
        rest_listener: socket.socket | None,
        metrics_path: str | None,
    ) -> None:
        """Prepares to serve.

        Args:
            flags: The command line.
            models: What to serve.
            grpc_addresses: Where to listen for gRPC.
            rest_listener: Bound, not listening yet; None for no REST.
            metrics_path: Where REST shows metrics, None for nowhere.
        """
        self._flags = flags
        self._grpc_addresses = grpc_addresses
        self._rest_listener = rest_listener
        self._names = [model.name for model in models]
        self._metrics = Metrics()
        self._metrics_path = metrics_path
        self._manager = ModelManager(
            self._load,
            max_retries=flags.max_num_load_retries,
            retry_interval_s=flags.load_retry_interval_micros / 1e6,
        )
        self._source = VersionSource(
            models,
            period_s=flags.file_system_poll_wait_seconds,
            aspire=self._manager.aspire,
        )

    def run(self, stop: StopSignal) -> None:
        """Serves until a signal comes and running requests are answered.

        Raises:
            ServingError: A model cannot be loaded.
            OSError: A port cannot be had.
        """
        # What TensorFlow's modules hold never goes: not to be searched at every unload.
        gc.freeze()
        self._source.start()
        while not self._manager.all_available(self._names):
            if stop.wait(_LOOK_S):
                self._source.stop()
                return
        grpc_server, rest_front = self._open()
        stop.wait()
        _LOG.info("stopping: %g s for running requests", self._flags.drain_seconds)
        self._source.stop()
        self._drain(grpc_server, rest_front)

    def _load(self, name: str, path: str) -> Runner:
        flags = self._flags
        runner = SessionRunner(
            path,
            tags=flags.tags,
            intra_op_threads=flags.tensorflow_intra_op_parallelism,
            inter_op_threads=flags.tensorflow_inter_op_parallelism,
        )
        if flags.enable_model_warmup:
            try:
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
            )
        except Exception as err:
            code = as_serving_error(err).code
            raise
        finally:
            latency_us = (time.perf_counter() - started) * 1e6
            self._metrics.observe_warmup(path, code.name, latency_us)
        _LOG.info("replayed %d warm-up requests in %.0f ms", count, latency_us / 1e3)

    def _open(self) -> tuple[grpc.Server, RestFront | None]:
        flags = self._flags
        service = ModelService(
            self._manager,
            limits=Limits(max_image_pixels=flags.max_image_pixels),
            metrics=self._metrics,
        )
        grpc_server = start_grpc(
            service, addresses=self._grpc_addresses, threads=flags.grpc_max_threads
        )
        _LOG.info("Running gRPC ModelServer at %s ...", ", ".join(self._grpc_addresses))
        if self._rest_listener is None:
            return grpc_server, None
        rest_front = RestFront(
            RestApi(
                service,
                metrics_path=self._metrics_path,
                render_metrics=self._metrics.render,
            ),
            listener=self._rest_listener,
            threads=flags.rest_threads,
            timeout_s=flags.rest_api_timeout_in_ms / 1e3,
            drain_s=flags.drain_seconds,
        )
        rest_front.start()
        address = f"{flags.bind}:{flags.rest_api_port}"
        _LOG.info("Exporting HTTP/REST API at:%s ...", address)
        return grpc_server, rest_front

    def _drain(self, grpc_server: grpc.Server, rest_front: RestFront | None) -> None:
        stopped = grpc_server.stop(self._flags.drain_seconds)
        if rest_front is not None:
            rest_front.stop()
            rest_front.join(self._flags.drain_seconds + _SPARE_S)
        stopped.wait()
        if not self._manager.close():
            _LOG.warning("some requests took longer than --drain_seconds: cut off")
            logging.shutdown()
            os._exit(0)  # their threads would hold the process up
