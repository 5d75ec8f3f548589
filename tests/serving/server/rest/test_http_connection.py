"""HTTP as clients speak it, right and wrong, against a front in this process."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from serving.server.rest.patience import Patience
from tests.serving.server.rest.talking import (
    Client,
    Echo,
    ask,
    front,
    settle,
    wait_until,
)

RNG = np.random.default_rng(99)
GET = "GET {} HTTP/1.1\r\nHost: x\r\n\r\n"
POST = "POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n"


@pytest.fixture(autouse=True)
def no_tracebacks(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [entry for entry in caplog.records if entry.levelno >= logging.WARNING] == []


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def port(echo: Echo) -> Iterator[int]:
    with front(echo, max_body_bytes=100_000) as number:
        yield number


def test_a_connection_stays_for_further_requests(port: int) -> None:
    with Client(port) as client:
        for index in range(3):
            status, headers, body = client.say(GET.format(f"/{index}")).hear()
            assert (status, body) == (200, f"GET /{index} 0 b''".encode())
            assert "connection" not in headers
            assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} .* GMT", headers["date"])
        client.say("GET /end HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert client.hear()[1]["connection"] == "close"
        assert client.is_closed()


@pytest.mark.parametrize("stays", [True, False])
def test_an_old_client_says_whether_the_connection_stays(
    port: int, stays: bool
) -> None:
    wish = "Connection: keep-alive\r\n" if stays else ""
    with Client(port) as client:
        client.say(f"GET /old HTTP/1.0\r\n{wish}\r\n")
        status, headers, _ = client.hear()
        assert (status, headers["connection"] == "keep-alive") == (200, stays)
        if stays:
            client.say(GET.format("/new"))
            assert client.hear()[0] == 200
        else:
            assert client.is_closed()


def test_requests_sent_ahead_are_answered_in_order(port: int) -> None:
    count = 2000
    with Client(port) as client:
        talk = "".join(GET.format(f"/{index}") for index in range(count))
        sender = threading.Thread(target=client.say, args=(talk,))
        sender.start()
        for index in range(count):
            assert client.hear()[2].split()[1] == f"/{index}".encode()
        sender.join()


def test_a_body_comes_whole_in_parts_and_in_chunks(port: int) -> None:
    body = RNG.bytes(50_000)
    expected = f"POST / 50000 {body[:9]!r}".encode()
    chunks = b"".join(
        b"%x\r\n%b\r\n" % (len(part), part)
        for part in (body[:1], body[1:20_000], body[20_000:])
    )
    with Client(port) as client:
        client.say(POST.format(len(body)))
        for start in range(0, len(body), 9_999):
            client.say(body[start : start + 9_999])
        assert client.hear()[2] == expected
        client.say("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.say(chunks + b"0\r\n\r\n")
        assert client.hear()[2] == expected


def test_a_client_that_waits_for_leave_gets_it(port: int) -> None:
    with Client(port) as client:
        head = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n"
        assert client.say(head.format(3)).hear()[0] == 100
        assert client.say("abc").hear()[2] == b"POST / 3 b'abc'"
        assert client.say(head.format(100_001)).hear()[0] == 413
        assert client.is_closed()


def test_head_gets_the_headers_only(port: int) -> None:
    with Client(port) as client:
        client.say("HEAD /x HTTP/1.1\r\n\r\n")
        status, headers, _ = client.hear(has_body=False)
        assert (status, headers["content-length"]) == (200, str(len("HEAD /x 0 b''")))
        assert client.say(GET.format("/y")).hear()[2] == b"GET /y 0 b''"


def test_a_wish_for_another_protocol_is_passed_over(port: int) -> None:
    with Client(port) as client:
        client.say("GET /x HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
        assert client.hear()[2] == b"GET /x 0 b''"
        assert client.say(GET.format("/y")).hear()[2] == b"GET /y 0 b''"


TOO_LARGE = (
    "a request must have at most 100000 bytes, unpacked too; send fewer photos per"
    " request, or start the server with a larger --max_request_bytes"
)


def test_a_large_body_is_refused_before_it_comes(port: int, echo: Echo) -> None:
    with Client(port) as client:
        status, headers, body = client.say(POST.format(10**15)).hear()
        assert (status, json.loads(body)) == (413, {"error": TOO_LARGE})
        assert headers["connection"] == "close"
        client.say(bytes(1000))  # it may be on its way already
        assert client.is_closed()
    assert echo.seen == []


def test_a_body_of_unknown_length_is_refused_while_it_grows(port: int) -> None:
    chunk = b"8000\r\n%b\r\n" % bytes(0x8000)
    with Client(port) as client:
        client.say("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(4):
            client.say(chunk)
        assert client.hear()[0] == 413
        assert client.is_closed()


@pytest.mark.parametrize(
    "head",
    [
        "GET / HTTP/1.1\r\n" + "A: b\r\n" * 100_000,
        "GET / HTTP/1.1\r\nA: " + "b" * 1_000_000,
        "GET /" + "a" * 1_000_000,
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        + "A: b\r\n" * 100_000,
    ],
    ids=["many", "long", "path", "after the body"],
)
def test_headers_without_end_are_refused(port: int, head: str) -> None:
    with Client(port) as client:
        with contextlib.suppress(ConnectionError):
            client.say(head)
        status, _, body = client.hear()
        assert (status, b"at most 65536 bytes" in body) == (431, True)
    assert ask(port) == b"GET / 0 b''"


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",  # a client that speaks TLS
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"get / http\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ],
)
def test_garbage_is_refused_after_what_came_before_it(
    port: int, garbage: bytes
) -> None:
    with Client(port) as client:
        client.say(GET.format("/good").encode() + garbage + bytes(range(256)))
        assert client.hear()[2] == b"GET /good 0 b''"
        status, headers, body = client.hear()
        assert (status, headers["connection"]) == (400, "close")
        assert json.loads(body)["error"].startswith("Malformed HTTP: ")
        assert client.is_closed()
    assert ask(port) == b"GET / 0 b''"


def test_random_bytes_break_nothing(port: int) -> None:
    seeds = [GET.format("/a").encode(), POST.format(5).encode() + b"abcde"]
    for index in range(60):
        data = bytearray(RNG.bytes(80) if index % 3 == 0 else seeds[index % 2])
        for place in RNG.integers(0, len(data), 3):
            data[place] = RNG.integers(0, 256)
        with Client(port) as client:
            client.say(bytes(data))
    assert ask(port) == b"GET / 0 b''"


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


def test_a_large_answer_arrives(port: int) -> None:
    with Client(port) as client:
        for size in (2**16, 2**16 + 1, 20_000_000):
            client.say(GET.format(f"/large={size}") + GET.format("/next"))
            assert client.hear()[2] == bytes(size)
            assert client.hear()[2] == b"GET /next 0 b''"


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


def test_who_hangs_up_while_waiting_is_not_worked_for(echo: Echo) -> None:
    with front(echo, threads=1) as port:
        with Client(port) as first, Client(port) as second:
            first.say(GET.format("/wait"))
            echo.running.acquire()
            second.say(GET.format("/second"))
        settle(port)
        echo.gate.set()
        assert ask(port, "/third") == b"GET /third 0 b''"
    assert echo.seen == ["/wait", "/third"]


def test_too_many_waiting_requests_are_refused_at_once(echo: Echo) -> None:
    with front(echo, threads=1, max_waiting=2) as port:
        clients = [Client(port) for _ in range(4)]
        clients[0].say(GET.format("/wait"))
        echo.running.acquire()
        for client in clients[1:3]:
            client.say(GET.format("/queued"))
        settle(port)
        refused = clients[3].say(GET.format("/refused"))
        status, headers, body = refused.hear()
        assert (status, "connection" in headers) == (503, False)
        assert "2 requests are waiting already" in json.loads(body)["error"]
        echo.gate.set()
        assert [client.hear()[0] for client in clients[:3]] == [200, 200, 200]
        assert refused.say(GET.format("/again")).hear()[0] == 200
        for client in clients:
            client.__exit__()
    assert "/refused" not in echo.seen


def test_what_takes_too_long_is_answered_so(echo: Echo) -> None:
    with front(echo, threads=1, timeout_s=0.2) as port, Client(port) as client:
        status, _, body = client.say(GET.format("/wait")).hear()
        assert (status, json.loads(body)["error"]) == (
            504,
            "Timed out waiting for notification",
        )
        assert client.say(GET.format("/behind")).hear()[0] == 504
        echo.gate.set()
        wait_until(lambda: echo.seen == ["/wait"])
    assert echo.seen == ["/wait"]


def test_the_end_waits_for_running_requests(echo: Echo) -> None:
    with front(echo) as port:
        idle, busy = Client(port), Client(port).say(GET.format("/wait"))
        echo.running.acquire()
        echo.stop()
        with idle, busy:
            assert idle.is_closed()
            echo.gate.set()
            status, headers, _ = busy.hear()
            assert (status, headers["connection"]) == (200, "close")


def test_the_end_does_not_wait_for_ever(echo: Echo) -> None:
    with front(echo, drain_s=0.1) as port:
        client = Client(port).say("GET / HT")
    with client:
        assert client.is_closed()
