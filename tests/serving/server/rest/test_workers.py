"""Requests that wait for a thread, against a front in this process."""

from __future__ import annotations

import json

import pytest

from tests.serving.server.rest.talking import (
    GET,
    Client,
    Echo,
    ask,
    front,
    settle,
    wait_until,
)

pytestmark = pytest.mark.usefixtures("no_tracebacks")


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
