"""Servers as processes: started, waited for, stopped."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.serving_ways import NAME
from benchmarks.serving_worker import ROOT, CannotMeasureError, quiet_environment

START_S, STOP_S = 180, 30


def free_ports(count: int) -> list[int]:
    """Returns ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextlib.contextmanager
def running_server(model: Path, folder: Path) -> Iterator[dict[str, str]]:
    """Runs this project's server; yields the ports by way when they are open."""
    base_path = folder / "models"
    base_path.mkdir()
    (base_path / "1").symlink_to(model.resolve())
    port, rest_port = free_ports(2)
    command = [
        *(sys.executable, "-m", "serving.server", f"--model_base_path={base_path}"),
        *(f"--port={port}", f"--rest_api_port={rest_port}", f"--model_name={NAME}"),
    ]
    with running(command, folder / "server.log", rest_port, f"/v1/models/{NAME}"):
        yield {"gRPC": str(port), "REST": str(rest_port)}


@contextlib.contextmanager
def running(
    command: list[str],
    log: Path,
    port: int,
    path: str,
    environment: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Runs a server and what it starts, until the caller is through.

    Args:
        command: Its command line.
        log: Where its words go.
        port: Of its HTTP side.
        path: Answers with 200 when the model is ready.
        environment: Variables that it needs.

    Raises:
        CannotMeasureError: It ended, or the model is not ready after `START_S`.
    """
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            stdout=stream,
            stderr=stream,
            cwd=ROOT,
            env=quiet_environment() | dict(environment or {}),
            start_new_session=True,
        )
    try:
        wait_until_ready(process, log, port, path)
        yield
    finally:
        stop(process)


def wait_until_ready(
    process: subprocess.Popen[bytes], log: Path, port: int, path: str
) -> None:
    """Returns when the server says that its model can be asked."""
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        if is_ready(port, path):
            return
        time.sleep(0.1)
    words = log.read_text(errors="replace").strip().splitlines() or ["(no words)"]
    raise CannotMeasureError(f"the server did not start: {words[-1]}")


def is_ready(port: int, path: str) -> bool:
    """Tells whether a path answers with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a server, and then what it left behind."""
    process.send_signal(signal.SIGINT)  # PyTriton would leave Triton on SIGTERM
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
