"""One HTTP connection: requests are given on one by one, answers go out in order."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from typing import Protocol

from serving.server.rest.answer import Answer
from serving.server.rest.http_message import Request, write_head
from serving.server.rest.http_reader import HttpReader
from serving.server.rest.json_answer import write_error
from serving.server.rest.patience import Patience

_JOINED_BYTES = 2**16  # a smaller body is sent together with its head
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Host(Protocol):
    """What a connection belongs to."""

    def begin(
        self, request: Request, reply: Callable[[Answer], None]
    ) -> Callable[[], None] | Answer:
        """Starts to answer; returns how to give it up, or at once an answer."""

    def forget(self, connection: HttpConnection) -> None:
        """The connection is closed."""


class HttpConnection(asyncio.Protocol):
    """Lives in the event loop's thread."""

    def __init__(self, host: Host, *, max_body_bytes: int, patience: Patience) -> None:
        self._host = host
        self._patience = patience
        self._waiting: deque[Request | Answer] = deque()
        self._reader = HttpReader(
            max_body_bytes=max_body_bytes,
            give=self._waiting.append,
            ask_for_body=self._ask_for_body,
        )
        self._running: Request | None = None
        self._give_up: Callable[[], None] | None = None
        self._transport: asyncio.Transport
        self._since = asyncio.get_running_loop().time()
        self._sending_bytes = 0  # of an answer that the client does not take at once
        self._is_closing = False
        self._is_last = False  # the server stops: nothing follows the next answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called once, by the event loop as all of the following."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        # Anything that the client does not take at once is waited for.
        transport.set_write_buffer_limits(high=0)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Gives up what was asked: nobody is there to get it."""
        self._is_closing = True
        self._waiting.clear()
        if self._give_up is not None:
            self._give_up()
        self._host.forget(self)

    def data_received(self, data: bytes) -> None:
        """Takes the next bytes."""
        if self._is_closing:
            return
        was_free = self._is_free()
        was_inside = self._reader.is_inside
        had_head = self._reader.body_bytes is not None
        self._reader.feed(data)
        if self._reader.is_inside and (
            not was_inside or had_head != (self._reader.body_bytes is not None)
        ):
            self._since = self._now()
        self._go_on()
        # Nobody sends ahead without end; but who hangs up is to be noticed.
        if not was_free and not self._is_closing:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Goes on once the client has taken the whole answer."""
        self._since = self._now()
        self._sending_bytes = 0
        self._transport.resume_reading()
        self._go_on()

    def check_time(self, now: float) -> None:
        """Ends the connection where its client is too slow."""
        if now - self._since <= self._allowed_s():
            return
        if self._sending_bytes or self._is_closing:
            self._transport.abort()
        elif self._reader.is_inside:
            words = "the request did not come in time"
            self._reader.refuse(Answer(status=408, body=write_error(words)))
            self._go_on()
        else:
            self._transport.close()

    def finish(self) -> None:
        """Closes the connection after the request that is there or on its way."""
        self._is_last = True
        is_idle = self._running is None and not self._reader.is_inside
        if is_idle and not self._waiting and not self._sending_bytes:
            self._transport.close()

    def abort(self) -> None:
        """Closes the connection at once."""
        self._transport.abort()

    def _allowed_s(self) -> float:
        patience = self._patience
        if self._is_closing and not self._sending_bytes:
            return patience.linger_s
        if self._sending_bytes:
            return patience.transfer_s + self._sending_bytes / patience.bytes_per_s
        if self._running is not None:
            return float("inf")  # who works on it has a limit of its own
        if self._reader.is_inside:
            body_bytes = self._reader.body_bytes or 0
            return patience.transfer_s + body_bytes / patience.bytes_per_s
        return patience.idle_s

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _ask_for_body(self) -> None:
        if self._running is None and not self._waiting:
            self._transport.write(_CONTINUE)

    def _go_on(self) -> None:
        """Answers what waits, as far as that can be done now."""
        while self._waiting and self._is_free():
            item = self._waiting.popleft()
            if isinstance(item, Answer):
                self._send(item, method="", keep_alive=False, version="1.1")
                self._linger()
                return
            self._running = item
            begun = self._host.begin(item, self._reply)
            if isinstance(begun, Answer):
                self._end(begun)
            else:
                self._give_up = begun

    def _is_free(self) -> bool:
        is_busy = self._running is not None or self._sending_bytes
        return not is_busy and not self._is_closing

    def _reply(self, answer: Answer) -> None:
        """Takes the answer to the running request."""
        self._end(answer)
        if self._is_free():
            self._transport.resume_reading()
            self._go_on()

    def _end(self, answer: Answer) -> None:
        request, self._running, self._give_up = self._running, None, None
        assert request is not None
        self._since = self._now()
        keep_alive = request.keep_alive and not self._is_last
        self._send(
            answer,
            method=request.method,
            keep_alive=keep_alive,
            version=request.version,
        )
        if not keep_alive:
            self._is_closing = True
            self._transport.close()

    def _send(
        self, answer: Answer, *, method: str, keep_alive: bool, version: str
    ) -> None:
        head = write_head(answer, keep_alive=keep_alive, version=version)
        body = b"" if method == "HEAD" else answer.body
        if len(body) <= _JOINED_BYTES:
            self._transport.write(head + body)
        else:
            self._transport.write(head)
            self._transport.write(body)
        self._sending_bytes = self._transport.get_write_buffer_size()

    def _linger(self) -> None:
        """Says that all is said, and closes once the client has stopped sending.

        Closed at once, with bytes of the client still on their way, the connection
        would take the answer with it.
        """
        self._is_closing = True
        self._waiting.clear()
        self._since = self._now()
        self._transport.resume_reading()
        with contextlib.suppress(OSError):  # the client was faster
            self._transport.write_eof()
