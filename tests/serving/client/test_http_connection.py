"""Connections are kept, renewed when they are stale, and bounded by the deadline."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from serving.client.deadline import Deadline
from serving.client.errors import DeadlineError, ServerError, UnavailableError
from serving.client.http_connection import HttpPool
from tests.serving.client.stub_server import rest_stub

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
Script = Callable[[socket.socket], None]


@contextmanager
def raw_server(*scripts: Script) -> Iterator[tuple[str, int]]:
    """Runs one script per connection, in turn, each after it read a request."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        for script in scripts:
            connection = listener.accept()[0]
            with connection:
                connection.recv(65536)
                script(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        listener.close()
        thread.join(5)


def get(pool: HttpPool, timeout_s: float = 5) -> tuple[int, bytes]:
    answer = pool.send("GET", "/", None, Deadline(timeout_s))
    return answer.code, answer.body


def test_one_connection_serves_call_after_call() -> None:
    with rest_stub() as stub:
        pool = HttpPool("127.0.0.1", int(stub.url.rpartition(":")[2]))
        for _ in range(3):
            pool.send("GET", "/v1/models/carseg", None, Deadline(5))
        pool.close()
        pool.send("GET", "/v1/models/carseg", None, Deadline(5))
        pool.close()

    ports = [call.rpartition(" ")[2] for call in stub.model.calls]
    assert len(set(ports[:3])) == 1
    assert ports[3] != ports[0]


def test_a_connection_that_the_server_closed_is_made_anew() -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(OK)

    with raw_server(answer, answer) as (host, port):
        pool = HttpPool(host, port)
        assert get(pool) == (200, b"{}")
        time.sleep(0.05)  # the server closes behind its answer
        assert get(pool) == (200, b"{}")
        pool.close()


@pytest.mark.parametrize("part", ["head", "body"])
def test_bytes_that_trickle_in_do_not_prolong_a_call(part: str) -> None:
    def trickle(connection: socket.socket) -> None:
        start = b"HTTP/1.1 200 OK\r\nX: "
        connection.sendall(
            start if part == "head" else start + b"\r\nContent-Length: 99\r\n\r\n"
        )
        for _ in range(40):
            try:
                connection.sendall(b"x")
            except OSError:
                return
            time.sleep(0.05)

    with raw_server(trickle) as (host, port):
        start = time.monotonic()
        with pytest.raises(DeadlineError, match=r"within 0\.3 s"):
            get(HttpPool(host, port), timeout_s=0.3)
        assert time.monotonic() - start < 1.5


@pytest.mark.parametrize(
    ("said", "kind", "sentence"),
    [
        (b"\x00\x00\x18\x04 settings of HTTP/2", ServerError, "is it the gRPC port"),
        (b"", UnavailableError, "without response"),
        (OK[:-1], UnavailableError, "1 bytes read, 1 more expected"),
    ],
    ids=["another protocol", "nothing", "cut off"],
)
def test_what_is_no_answer_is_named(
    said: bytes, kind: type[ServerError], sentence: str
) -> None:
    with raw_server(lambda connection: connection.sendall(said)) as (host, port):
        with pytest.raises(ServerError, match=sentence) as caught:
            get(HttpPool(host, port))
        assert type(caught.value) is kind
        assert f"{host}:{port}" in caught.value.message


def test_an_unknown_host_is_unavailable() -> None:
    with pytest.raises(UnavailableError, match=r"no connection to host\.invalid:1"):
        get(HttpPool("host.invalid", 1))
