"""Requests that are too large, or no HTTP at all, against a front in this process."""

from __future__ import annotations

import contextlib
import json

import numpy as np
import pytest

from tests.serving.server.rest.talking import GET, POST, Client, Echo, ask

pytestmark = pytest.mark.usefixtures("no_tracebacks")
RNG = np.random.default_rng(99)
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
