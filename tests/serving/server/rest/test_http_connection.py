"""HTTP as clients speak it, against a front in this process."""

from __future__ import annotations

import re
import threading

import numpy as np
import pytest

from tests.serving.server.rest.talking import GET, POST, Client, Echo, front

pytestmark = pytest.mark.usefixtures("no_tracebacks")
RNG = np.random.default_rng(99)


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


def test_a_large_answer_arrives(port: int) -> None:
    with Client(port) as client:
        for size in (2**16, 2**16 + 1, 20_000_000):
            client.say(GET.format(f"/large={size}") + GET.format("/next"))
            assert client.hear()[2] == bytes(size)
            assert client.hear()[2] == b"GET /next 0 b''"


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
