"""A server process that a test starts and stops."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

START_S = 120


@dataclass(frozen=True, kw_only=True)
class RunningServer:
    process: subprocess.Popen[bytes]
    port: int
    rest_port: int
    log: Path

    def wait_until_open(self) -> None:
        self.wait_for(lambda: is_open(self.port) and is_open(self.rest_port))

    def wait_for_words(self, words: str) -> None:
        self.wait_for(lambda: words in self.log.read_text())

    def wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_S
        while not condition():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def stop(self, timeout_s: float = 20) -> int:
        self.process.terminate()
        return self.process.wait(timeout_s)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        for probe in (first, second):
            probe.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


@contextlib.contextmanager
def running_server(
    *flags: str, folder: Path, ports: tuple[int, int] | None = None
) -> Iterator[RunningServer]:
    port, rest_port = ports or free_ports()
    log = folder / f"server-{port}-{time.monotonic_ns()}.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "serving.server"),
                *(f"--port={port}", f"--rest_api_port={rest_port}", *flags),
            ],
            stdout=stream,
            stderr=stream,
        )
    try:
        yield RunningServer(process=process, port=port, rest_port=rest_port, log=log)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
