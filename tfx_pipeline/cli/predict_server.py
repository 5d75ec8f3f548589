"""A model server that lives as long as one command."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from serving.client import Client, DeadlineError, connect
from tfx_pipeline.cli.predict_model import ModelFolder

COMMAND = (
    "{python}",
    "-m",
    "serving.server",
    "--port={port}",
    "--rest_api_port={rest_api_port}",
    "--model_name={model_name}",
    "--model_base_path={base_path}",
)
# TensorFlow alone takes ten seconds to import on a slow machine.
START_TIMEOUT_S = 300.0
STOP_TIMEOUT_S = 15.0
_SHOWN_LINES = 3


@contextmanager
def serve_model(
    folder: ModelFolder, model_name: str, command: Sequence[str] = COMMAND
) -> Iterator[str]:
    """Yields the URL of a server of this model; it is stopped whatever happens.

    Args:
        folder: The model.
        model_name: Under which it is served.
        command: Template of the server's command line.

    Raises:
        ChildProcessError: The server ended, or did not get ready, and why.
    """
    with tempfile.TemporaryDirectory(prefix="carseg-predict-") as temporary:
        base_path = Path(temporary, "model")
        base_path.mkdir()
        # A server wants versions below a base path, and here just this one.
        (base_path / str(folder.version)).symlink_to(folder.path)
        port, rest_api_port = free_ports(2)
        values = {
            "python": sys.executable,
            "port": port,
            "rest_api_port": rest_api_port,
            "model_name": model_name,
            "base_path": base_path,
        }
        log_file = Path(temporary, "server.log")
        with (
            _stopped_by_signals(),
            _running([part.format(**values) for part in command], log_file) as process,
        ):
            url = f"grpc://127.0.0.1:{port}"
            with connect(url, model=model_name) as client:
                _wait(client, process, log_file)
            yield url


def free_ports(count: int) -> list[int]:
    """Returns different ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for sock in sockets:
            sock.bind(("127.0.0.1", 0))
        return [sock.getsockname()[1] for sock in sockets]
    finally:
        for sock in sockets:
            sock.close()


@contextmanager
def _running(
    command: Sequence[str], log_file: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log_file.open("wb") as log:
        # In a session of its own: Ctrl-C reaches this process, which then stops it.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        pass
    finally:  # also when a second Ctrl-C comes
        process.kill()
        process.wait()


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Lets SIGTERM and SIGHUP end the process by way of its `finally` blocks."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, _exit) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _exit(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _wait(client: Client, process: subprocess.Popen[bytes], log_file: Path) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            return client.wait_until_available(timeout_s=0.5)
        except DeadlineError as err:
            if process.poll() is not None:
                raise ChildProcessError(
                    f"the server for this call ended with code {process.returncode}"
                    f" before it was ready: {_tail(log_file)}"
                ) from err
            if time.monotonic() > end:
                raise ChildProcessError(
                    f"the server for this call was not ready within {START_TIMEOUT_S:g}"
                    f" s: {_tail(log_file)}"
                ) from err


def _tail(log_file: Path) -> str:
    lines = log_file.read_text("utf-8", "replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return " | ".join(said[-_SHOWN_LINES:]) or "it said nothing"
