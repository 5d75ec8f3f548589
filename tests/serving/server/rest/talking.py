"""A REST front with an API of the test's own, and clients that speak byte by byte."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from serving.server.rest.answer import Answer
from serving.server.rest.rest_front import RestFront

LONG_S = 60.0
GET = "GET {} HTTP/1.1\r\nHost: x\r\n\r\n"
POST = "POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n"


@dataclass
class Echo:
    """Answers with what was asked; `/wait` does so once `gate` is set."""

    gate: threading.Event = field(default_factory=threading.Event)
    seen: list[str] = field(default_factory=list)
    running: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    stop: Callable[[], None] | None = None

    def answer(
        self,
        method: str,
        target: str,
        headers: Mapping[bytes, bytes],
        body: bytes,
        until: float | None = None,
    ) -> Answer:
        self.seen.append(target)
        if target.startswith("/wait"):
            self.running.release()
            assert self.gate.wait(LONG_S)
        if target.startswith("/large"):
            return Answer(body=bytes(int(target.split("=")[1])))
        return Answer(body=f"{method} {target} {len(body)} {body[:9]!r}".encode())


@contextlib.contextmanager
def front(echo: Echo, **options: object) -> Iterator[int]:
    """Serves `echo`; gives the port, and stops within its time."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    defaults = {"threads": 2, "timeout_s": LONG_S, "drain_s": 5.0}
    running = RestFront(echo, listener=listener, **defaults | options)  # type: ignore[arg-type]
    running.start()
    echo.stop = running.stop
    try:
        yield listener.getsockname()[1]
    finally:
        echo.gate.set()
        running.stop()
        running.join(LONG_S)
        assert not running._thread.is_alive()


class Client:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=LONG_S)
        self._file = self.socket.makefile("rb")

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.socket.close()

    def say(self, text: str | bytes) -> Client:
        self.socket.sendall(text.encode() if isinstance(text, str) else text)
        return self

    def hear(self, *, has_body: bool = True) -> tuple[int, dict[str, str], bytes]:
        """Returns status, headers and body of the next answer."""
        status = int(self._file.readline().split()[1])
        headers = {}
        while line := self._file.readline().strip():
            name, value = line.decode().split(": ", 1)
            headers[name] = value
        length = int(headers.get("content-length", 0)) if has_body else 0
        return status, headers, self._file.read(length)

    def is_closed(self) -> bool:
        """Waits for the end; says whether nothing more came."""
        try:
            return self._file.read() == b""
        except ConnectionResetError:
            return True


def ask(port: int, target: str = "/") -> bytes:
    with Client(port) as client:
        return client.say(f"GET {target} HTTP/1.1\r\n\r\n").hear()[2]


def settle(port: int) -> None:
    """Returns once the front has read what other clients sent before, and their end.

    A client whose connection was taken in the same moment has its end read one turn of
    the loop after its words: hence a second one, who comes after the first's answer.
    """
    for _ in range(2):
        with Client(port) as client:
            assert client.say("garbage\r\n\r\n").hear()[0] == 400


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
