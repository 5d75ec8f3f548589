"""The server from the first look for models to the last answer."""

from __future__ import annotations

import gc
import logging
import os
import socket
from collections.abc import Sequence
from pathlib import Path

from serving.server.api.call import CallOptions, Limits
from serving.server.api.call_log import CallLog
from serving.server.api.service import ModelService
from serving.server.batching.batcher import Batcher
from serving.server.flags import ServerFlags
from serving.server.models.config_poller import ConfigPoller
from serving.server.models.model_catalog import ModelCatalog
from serving.server.models.model_manager import ModelManager
from serving.server.models.version_source import VersionSource
from serving.server.rest.rest_api import RestApi
from serving.server.rest.rest_front import RestFront
from serving.server.rpc.grpc_front import GrpcFront
from serving.server.settings.batching_settings import BatchingSettings
from serving.server.settings.grpc_settings import GrpcSettings
from serving.server.settings.model_config import ModelSettings
from serving.server.stop_signal import StopSignal
from serving.server.version_loader import VersionLoader
from serving.server.watching.metrics import Metrics
from serving.server.watching.record_folder import RecordFolder
from serving.server.watching.request_log import RequestLog

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
        grpc: GrpcSettings,
        rest_listener: socket.socket | None,
        metrics_path: str | None,
        batching: BatchingSettings | None,
    ) -> None:
        """Prepares to serve.

        Args:
            flags: The command line.
            models: What to serve.
            grpc: How to listen for gRPC.
            rest_listener: Bound, not listening yet; None for no REST.
            metrics_path: Where REST shows metrics, None for nowhere.
            batching: How requests run together, None for each on its own.
        """
        self._flags = flags
        self._grpc = grpc
        self._rest_listener = rest_listener
        self._models = models
        self._metrics = Metrics()
        self._batcher: Batcher | None = None
        if batching is not None:
            self._batcher = Batcher(
                batching,
                per_model=flags.enable_per_model_batching_parameters,
                metrics=self._metrics,
            )
        self._metrics_path = metrics_path
        self._request_log: RequestLog | None = None
        self._manager = ModelManager(
            VersionLoader(flags, self._metrics, self._batcher).load,
            max_retries=flags.max_num_load_retries,
            retry_interval_s=flags.load_retry_interval_micros / 1e6,
            loads_at_a_time=flags.num_load_threads,
            unloads_at_a_time=flags.num_unload_threads,
        )
        self._source = VersionSource(
            period_s=flags.file_system_poll_wait_seconds, aspire=self._manager.aspire
        )
        self._catalog = ModelCatalog(
            self._manager,
            self._source,
            allow_labels_for_unavailable=(
                flags.allow_version_labels_for_unavailable_models
            ),
        )

    def run(self, stop: StopSignal) -> None:
        """Serves until a signal comes and running requests are answered.

        Raises:
            ServingError: A model cannot be loaded.
            OSError: A port cannot be had.
        """
        # What TensorFlow's modules hold never goes: not to be searched at every unload.
        gc.freeze()
        self._catalog.start(self._models)
        self._source.start()
        names = [model.name for model in self._models]
        while not self._manager.all_available(names):
            if stop.wait(_LOOK_S):
                self._source.stop()
                return
        grpc_front, rest_front = self._open()
        poller = self._start_poller()
        stop.wait()
        _LOG.info("stopping: %g s for running requests", self._flags.drain_seconds)
        if poller is not None:
            poller.stop()
        self._source.stop()
        self._drain(grpc_front, rest_front)

    def _start_poller(self) -> ConfigPoller | None:
        path = self._flags.model_config_file
        period_s = self._flags.model_config_file_poll_wait_seconds
        if not path or not period_s:
            return None
        poller = ConfigPoller(path, period_s=period_s, catalog=self._catalog)
        poller.start()
        return poller

    def _open(self) -> tuple[GrpcFront, RestFront | None]:
        flags = self._flags
        if flags.request_log:
            self._request_log = RequestLog(
                RecordFolder(Path(flags.request_log).absolute()),
                metrics=self._metrics,
                sampling_rate=flags.request_log_sampling_rate,
                tags=flags.tags,
            )
        service = ModelService(
            self._manager,
            catalog=self._catalog,
            options=CallOptions(
                limits=Limits(max_image_pixels=flags.max_image_pixels),
                checks_method_names=flags.enable_signature_method_name_check,
            ),
            metrics=self._metrics,
            log=CallLog(self._request_log),
        )
        grpc_front = GrpcFront(service, self._grpc)
        addresses = ", ".join(self._grpc.addresses)
        _LOG.info("Running gRPC ModelServer at %s ...", addresses)
        if self._rest_listener is None:
            return grpc_front, None
        rest_front = RestFront(
            RestApi(
                service,
                metrics_path=self._metrics_path,
                render_metrics=self._metrics.render,
                max_body_bytes=flags.max_request_bytes,
                allows_other_origins=flags.rest_api_enable_cors_support,
            ),
            listener=self._rest_listener,
            threads=flags.rest_threads,
            timeout_s=flags.rest_api_timeout_in_ms / 1e3,
            drain_s=flags.drain_seconds,
            max_body_bytes=flags.max_request_bytes,
            max_waiting=flags.max_queued_requests,
        )
        rest_front.start()
        address = f"{flags.bind}:{flags.rest_api_port}"
        _LOG.info("Exporting HTTP/REST API at:%s ...", address)
        return grpc_front, rest_front

    def _drain(self, grpc_front: GrpcFront, rest_front: RestFront | None) -> None:
        if self._batcher is not None:
            self._batcher.hurry()
        stopped = grpc_front.stop(self._flags.drain_seconds)
        if rest_front is not None:
            rest_front.stop()
            rest_front.join(self._flags.drain_seconds + _SPARE_S)
        stopped.wait()
        if self._request_log is not None:
            self._request_log.close()
        if not self._manager.close():
            _LOG.warning("some requests are still running: cut off")
            logging.shutdown()
            os._exit(0)  # their threads would hold the process up
        if self._batcher is not None:
            self._batcher.close()
