"""Beam's own job service, which shares every job out to several worker pools.

The service that Beam brings gives a job one worker, whatever it asks for. This one
gives it as many as its `--sdk_worker_parallelism` says, taken from the pools in turn:
what a cluster does, for one machine or a few that share a folder, and for tests.

    python -m tfx_pipeline.runners.beam_service --pools HOST:PORT [HOST:PORT ...]
"""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import sys
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
from apache_beam.runners.portability.local_job_service import BeamJob, LocalJobServicer

JOB_PORT, POOL_PORT = 8099, 50000
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
        self._stubs = [
            beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub(
                grpc.insecure_channel(address)
            )
            for address in addresses
        ]
        self._turns = itertools.cycle(self._stubs)
        self._lock = threading.Lock()
        self._of_worker: dict[str, Any] = {}

    def StartWorker(
        self, request: beam_fn_api_pb2.StartWorkerRequest, _: grpc.ServicerContext
    ) -> beam_fn_api_pb2.StartWorkerResponse:
        """Lets the next pool start the worker."""
        with self._lock:
            stub = self._of_worker[request.worker_id] = next(self._turns)
        return stub.StartWorker(request, timeout=_PREPARE_S)

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


def main(argv: Sequence[str] | None = None) -> None:
    """Serves until SIGTERM or SIGINT; says on stdout where."""
    parser = argparse.ArgumentParser(prog="beam_service", description=__doc__)
    parser.add_argument("--pools", nargs="+", required=True, metavar="HOST:PORT")
    parser.add_argument("--port", type=int, default=JOB_PORT, help="%(default)s")
    parser.add_argument("--pool-port", type=int, default=POOL_PORT, help="%(default)s")
    args = parser.parse_args(argv)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    front, pool_port = serve_pools(args.pools, args.pool_port)
    service = LocalJobServicer(beam_job_type=SharedOutJob)
    job_port = service.start_grpc_server(args.port)
    print(f"job_endpoint=localhost:{job_port} worker_pool=localhost:{pool_port}")
    sys.stdout.flush()
    ended.wait()
    service.stop()
    front.stop(1)
    # Threads of jobs that were cut off would keep the process from its end.
    os._exit(0)


if __name__ == "__main__":
    main()
