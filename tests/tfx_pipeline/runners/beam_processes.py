"""A job service of Beam and external worker pools, each a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
_END_S = 60.0


@dataclass(frozen=True, kw_only=True)
class BeamProcesses:
    """Two workers and the service that shares jobs out to them.

    Attributes:
        job_endpoint: For `beam.job_endpoint`.
        worker_pool: For `beam.worker_pool`.
        service: Process id of the service.
        pools: Process ids of the worker pools, which do the work themselves.
    """

    job_endpoint: str
    worker_pool: str
    service: int
    pools: tuple[int, ...]

    def cpu_s(self) -> list[float]:
        """Returns the CPU seconds that each worker has used."""
        return [_cpu_s(pid) for pid in self.pools]


@contextmanager
def beam_processes(workers: int = 2) -> Iterator[BeamProcesses]:
    """Starts all on free ports; in the end all are gone, or the test fails."""
    ports = _free_ports(workers)
    with ExitStack() as stack:
        # All at once: each takes seconds to import Beam. The service wants them there.
        pools = [
            stack.enter_context(
                _started("tfx_pipeline.runners.beam_worker_pool", f"--port={port}")
            )
            for port in ports
        ]
        addresses = [f"localhost:{port}" for port in ports]
        assert [_read_line(pool)["worker_pool"] for pool in pools] == addresses
        service = stack.enter_context(_service(addresses))
        yield BeamProcesses(
            **_read_line(service),
            service=service.pid,
            pools=tuple(pool.pid for pool in pools),
        )


@contextmanager
def service_without_pool() -> Iterator[tuple[str, str]]:
    """Starts a job service whose worker pool goes; yields its two addresses."""
    with ExitStack() as stack:
        with socket.create_server(("localhost", 0)) as pool:
            address = f"localhost:{pool.getsockname()[1]}"
            service = stack.enter_context(_service([address]))
            said = _read_line(service)
        yield said["job_endpoint"], said["worker_pool"]


def _service(pools: list[str]) -> AbstractContextManager[subprocess.Popen[str]]:
    arguments = ["--port=0", "--pool-port=0", "--pools", *pools]
    return _started("tfx_pipeline.runners.beam_service", *arguments)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_server(("localhost", 0)))
            for _ in range(count)
        ]
        return [one.getsockname()[1] for one in sockets]


@contextmanager
def _started(module: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Runs a module, in a session of its own so that its orphans can be found."""
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
            start_new_session=True,
        )
        try:
            yield process
            process.terminate()
            code = process.wait(_END_S)
            log.seek(0)
            assert code == 0, f"{module} ended with {code}: {log.read()[-4000:]}"
            assert not of_session(process.pid), f"{module} left processes behind"
        finally:
            process.kill()
            process.wait()


def of_session(session: int) -> list[int]:
    """Returns the ids of all processes of a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        if int(fields[3]) == session:
            found.append(int(stat.parent.name))
    return found


def _cpu_s(pid: int) -> float:
    fields = Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _read_line(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the process ended before it said where it serves"
    return dict(entry.split("=", 1) for entry in line.split())
