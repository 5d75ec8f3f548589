"""A worker pool of Beam whose process does the work itself.

Beam's own pool (`apache_beam.runners.worker.worker_pool_main`) starts a process for
every worker of every job, each of which imports TensorFlow anew: some 10 s, and a run
of the pipeline is about ten jobs. Here a worker is a thread of the pool, so that the
imports are paid once; to use more cores, start more pools.

    python -m tfx_pipeline.runners.beam_worker_pool --port 50001
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence

from tfx_pipeline.runners.listening import port_argument, require_free


def main(argv: Sequence[str] | None = None) -> None:
    """Serves until SIGTERM or SIGINT; says on stdout where."""
    parser = argparse.ArgumentParser(prog="beam_worker_pool", description=__doc__)
    parser.add_argument(
        "--port", type=port_argument, default=0, help="0 takes a free one"
    )
    args = parser.parse_args(argv)
    try:
        require_free("--port", args.port)
    except OSError as err:
        parser.exit(1, f"{parser.prog}: {err}\n")
    # Imported here: it takes seconds, and a wrong port is refused before it.
    from apache_beam.runners.worker.worker_pool_main import (
        BeamFnExternalWorkerPoolServicer,
    )

    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    address, server = BeamFnExternalWorkerPoolServicer.start(
        use_process=False, port=args.port
    )
    print(f"worker_pool={address}")
    sys.stdout.flush()
    ended.wait()
    server.stop(1)
    # A worker whose job service has gone still waits for it.
    os._exit(0)


if __name__ == "__main__":
    main()
