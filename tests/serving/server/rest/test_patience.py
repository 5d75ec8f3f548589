"""Clients that are slow to send or to read, against a front in this process."""

from __future__ import annotations

import threading

import pytest

from serving.server.rest.patience import Patience
from tests.serving.server.rest.talking import (
    GET,
    POST,
    Client,
    Echo,
    ask,
    front,
    wait_until,
)

pytestmark = pytest.mark.usefixtures("no_tracebacks")
HASTY = Patience(idle_s=0.3, transfer_s=0.3, bytes_per_s=1e9, linger_s=0.1)


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 0), ("G", 408), ("GET / HTTP/1.1\r\nA", 408), (POST.format(9) + "a", 408)],
    ids=["nothing", "one byte", "header", "body"],
)
def test_a_slow_client_is_cut_off(echo: Echo, text: str, status: int) -> None:
    with front(echo, patience=HASTY) as port, Client(port) as client:
        client.say(text)
        if status:
            found, headers, _ = client.hear()
            assert (found, headers["connection"]) == (status, "close")
        assert client.is_closed()


def test_a_client_that_never_stops_sending_is_cut_off(echo: Echo) -> None:
    with front(echo, patience=HASTY) as port, Client(port) as client:
        client.say(POST.format(10**6))
        with pytest.raises(ConnectionError):
            while True:
                client.say("a")
    assert echo.seen == []


def test_a_client_that_does_not_take_its_answer_is_cut_off(echo: Echo) -> None:
    size = 30_000_000
    with front(echo, patience=HASTY) as port, Client(port) as client:
        client.say(GET.format(f"/large={size}"))
        wait_until(lambda: echo.seen != [])
        assert ask(port) == b"GET / 0 b''"
        threading.Event().wait(1)
        client._file.readline()
        assert len(client._file.read()) < size


def test_slow_and_idle_clients_block_nobody(port: int) -> None:
    starts = ["", "G", "GET / HTTP/1.1\r\nA", POST.format(99) + "a"]
    clients = [Client(port).say(starts[index % 4]) for index in range(200)]
    assert ask(port) == b"GET / 0 b''"
    for client in clients[::2]:
        client.__exit__()
    assert ask(port) == b"GET / 0 b''"
    assert clients[1].say("ET /late HTTP/1.1\r\n\r\n").hear()[2] == b"GET /late 0 b''"
    for client in clients[1::2]:
        client.__exit__()
