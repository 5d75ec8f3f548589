"""What shares a job of Beam out: its workers, and the pools that they come from."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from apache_beam.options.pipeline_options import PortableOptions
from apache_beam.portability.api import (
    beam_fn_api_pb2,
    beam_fn_api_pb2_grpc,
    beam_job_api_pb2,
)
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.runners.portability.local_job_service import BeamJob

_PREPARE_S = 30.0


class SharedOutJob(BeamJob):
    """A job in as many workers as it asks for."""

    def _invoke_runner(self) -> Any:
        options = self.pipeline_options()
        asked = int(options.view_as(PortableOptions).sdk_worker_parallelism)
        self.set_state(beam_job_api_pb2.JobState.RUNNING)
        runner = FnApiRunner(provision_info=self._provision_info)
        # No option of Beam reaches it from a job service; `direct` sets it likewise.
        runner._num_workers = asked or os.cpu_count() or 1
        return runner.run_via_runner_api(self._pipeline_proto, options)


class PoolsInTurn(beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolServicer):
    """One worker pool to the outside: asks the real ones for workers in turn."""

    def __init__(self, addresses: Sequence[str]) -> None:
        stubs = {
            address: beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub(
                grpc.insecure_channel(address)
            )
            for address in addresses
        }
        self._turns = itertools.cycle(stubs.items())
        self._lock = threading.Lock()
        self._of_worker: dict[str, Any] = {}

    def StartWorker(
        self, request: beam_fn_api_pb2.StartWorkerRequest, _: grpc.ServicerContext
    ) -> beam_fn_api_pb2.StartWorkerResponse:
        """Lets the next pool start the worker; names a pool that does not answer."""
        with self._lock:
            address, stub = next(self._turns)
            self._of_worker[request.worker_id] = stub
        try:
            return stub.StartWorker(request, timeout=_PREPARE_S)
        except grpc.RpcError as err:
            return beam_fn_api_pb2.StartWorkerResponse(
                error=f"the worker pool {address} does not answer: {err.details()}"
            )

    def StopWorker(
        self, request: beam_fn_api_pb2.StopWorkerRequest, _: grpc.ServicerContext
    ) -> beam_fn_api_pb2.StopWorkerResponse:
        """Lets the pool that started the worker stop it."""
        with self._lock:
            stub = self._of_worker.pop(request.worker_id, None)
        if stub is None:
            return beam_fn_api_pb2.StopWorkerResponse()
        return stub.StopWorker(request, timeout=_PREPARE_S)


def serve_pools(addresses: Sequence[str], port: int) -> tuple[grpc.Server, int]:
    """Starts the front of the pools; returns it with its port (0 takes a free one)."""
    server = grpc.server(ThreadPoolExecutor(max_workers=8))
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(
        PoolsInTurn(addresses), server
    )
    bound = server.add_insecure_port(f"localhost:{port}")
    server.start()
    return server, bound
