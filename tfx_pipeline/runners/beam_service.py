"""Beam's own job service, which shares every job out to several worker pools.

The service that Beam brings gives a job one worker, whatever it asks for. This one
gives it as many as its `--sdk_worker_parallelism` says, taken from the pools in turn:
what a cluster does, for one machine or a few that share a folder, and for tests. The
pools must have been started before.

    python -m tfx_pipeline.runners.beam_service --pools HOST:PORT [HOST:PORT ...]
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence

from tfx_pipeline.runners.listening import (
    address_argument,
    connect,
    port_argument,
    require_free,
)

JOB_PORT, POOL_PORT = 8099, 50000


def main(argv: Sequence[str] | None = None) -> None:
    """Serves until SIGTERM or SIGINT; says on stdout where."""
    parser = _parser()
    args = parser.parse_args(argv)
    try:
        _check(args)
    except OSError as err:
        parser.exit(1, f"{parser.prog}: {err}\n")
    # Imported here: they take seconds, and what cannot be is refused before them.
    from apache_beam.runners.portability.local_job_service import LocalJobServicer

    from tfx_pipeline.runners.beam_sharing import SharedOutJob, serve_pools

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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="beam_service", description=__doc__)
    parser.add_argument(
        "--pools", nargs="+", required=True, metavar="HOST:PORT", type=address_argument
    )
    for name, port in (("--port", JOB_PORT), ("--pool-port", POOL_PORT)):
        parser.add_argument(name, type=port_argument, default=port, help="%(default)s")
    return parser


def _check(args: argparse.Namespace) -> None:
    """Refuses a port that is taken, and a pool that a job would fail on."""
    require_free("--port", args.port)
    require_free("--pool-port", args.pool_port)
    if args.port == args.pool_port != 0:
        raise OSError(f"--pool-port must be another port than --port, got {args.port}")
    for address in args.pools:
        try:
            connect(address)
        except OSError as err:
            raise ConnectionError(
                f"--pools must be worker pools that answer, got {address}: {err}; start"
                " it first (python -m tfx_pipeline.runners.beam_worker_pool)"
            ) from err


if __name__ == "__main__":
    main()
