"""A model server that lives as long as one command."""

from __future__ import annotations

import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from components.serving_validator.command import DEFAULT_COMMAND, fill_command
from components.serving_validator.server_process import (
    HOST,
    ServerProcess,
    free_ports,
    running_server,
)
from serving.client import Client, DeadlineError, connect
from tfx_pipeline.cli.predict_model import ModelFolder

# TensorFlow alone takes ten seconds to import on a slow machine.
START_TIMEOUT_S = 300.0
STOP_TIMEOUT_S = 15.0
_SHOWN_LINES = 3


@contextmanager
def serve_model(
    folder: ModelFolder, model_name: str, command: Sequence[str] = DEFAULT_COMMAND
) -> Iterator[str]:
    """Yields the URL of a server of this model; it is stopped whatever happens.

    Args:
        folder: The model.
        model_name: Under which it is served.
        command: Template of the server's command line, as ServingValidator takes it.

    Raises:
        ChildProcessError: The server ended, or did not get ready, and why.
    """
    with tempfile.TemporaryDirectory(prefix="carseg-predict-") as temporary:
        base_path = Path(temporary, "model")
        base_path.mkdir()
        # A server wants versions below a base path, and here just this one.
        (base_path / str(folder.version)).symlink_to(folder.path)
        port, rest_port = free_ports(2)
        values = {
            "python": sys.executable,
            "port": port,
            "rest_port": rest_port,
            "model_name": model_name,
            "base_path": base_path,
        }
        filled = fill_command(command, values)
        log_file = Path(temporary, "server.log")
        with (
            _stopped_by_signals(),
            running_server(filled, log_file, STOP_TIMEOUT_S) as server,
        ):
            url = f"grpc://{HOST}:{port}"
            with connect(url, model=model_name) as client:
                _wait(client, server)
            yield url


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


def _wait(client: Client, server: ServerProcess) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            return client.wait_until_available(timeout_s=0.5)
        except DeadlineError as err:
            if server.exit_code is not None:
                raise ChildProcessError(
                    f"the server for this call ended with code {server.exit_code}"
                    f" before it was ready: {_last_words(server)}"
                ) from err
            if time.monotonic() > end:
                raise ChildProcessError(
                    f"the server for this call was not ready within {START_TIMEOUT_S:g}"
                    f" s: {_last_words(server)}"
                ) from err


def _last_words(server: ServerProcess) -> str:
    said = [line.strip() for line in server.log_end()]
    return " | ".join(said[-_SHOWN_LINES:]) or "it said nothing"
