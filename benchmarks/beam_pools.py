"""Worker pools and a job service for the Beam benchmark, and how much they hold."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_END_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A job service, and the processes of its workers."""

    job_endpoint: str
    worker_pool: str
    service: int
    pools: tuple[int, ...]

    def flags(self) -> list[str]:
        """Returns the flags of Beam that lead to all of its workers."""
        from tfx_pipeline.config.beam import BeamConfig

        config = BeamConfig(
            engine="portable",
            workers=len(self.pools),
            job_endpoint=self.job_endpoint,
            worker_pool=self.worker_pool,
        )
        return config.pipeline_args()

    def forget_peaks(self) -> None:
        """Lets the kernel measure peaks of memory from now on."""
        for pid in (os.getpid(), self.service, *self.pools):
            Path("/proc", str(pid), "clear_refs").write_text("5")

    def peaks_mib(self) -> dict[str, float]:
        """Returns peaks of this process, the job service and the largest worker."""
        return {
            "main": peak_mib(os.getpid()),
            "service": peak_mib(self.service),
            "worker": max(peak_mib(pid) for pid in self.pools),
        }


def peak_mib(pid: int) -> float:
    """Returns the most memory that a process had since the peak was forgotten."""
    for line in Path("/proc", str(pid), "status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(f"process {pid} has ended")


@contextmanager
def engine(workers: int) -> Iterator[Engine]:
    """Starts a job service and a worker process on each core; stops them in the end."""
    with ExitStack() as stack:
        pools = [
            stack.enter_context(
                _started("tfx_pipeline.runners.beam_worker_pool", core=core)
            )
            for core in worker_cores(workers)
        ]
        addresses = [_answer(pool)["worker_pool"] for pool in pools]
        arguments = ["--port=0", "--pool-port=0", "--pools", *addresses]
        service = stack.enter_context(
            _started("tfx_pipeline.runners.beam_service", *arguments)
        )
        yield Engine(
            **_answer(service),
            service=service.pid,
            pools=tuple(pool.pid for pool in pools),
        )


def worker_cores(workers: int) -> list[int]:
    """Returns a core for each worker.

    TensorFlow else gives a single worker the threads of all cores, and a second one
    has nothing left to gain.
    """
    cores = sorted(os.sched_getaffinity(0))
    if workers > len(cores):
        raise ValueError(f"workers must be at most {len(cores)} cores, got {workers}")
    return cores[:workers]


@contextmanager
def _started(
    module: str, *arguments: str, core: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    on_core = [] if core is None else ["taskset", "--cpu-list", str(core)]
    process = subprocess.Popen(
        [*on_core, sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_END_S)
        finally:
            process.kill()


def _answer(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    return dict(entry.split("=", 1) for entry in process.stdout.readline().split())
