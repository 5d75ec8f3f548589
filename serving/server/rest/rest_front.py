"""The REST side: an event loop in a thread of its own, and threads that work."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable

from serving.server.rest.answer import Answer
from serving.server.rest.http_connection import HttpConnection
from serving.server.rest.http_message import Request
from serving.server.rest.patience import Patience
from serving.server.rest.rest_api import RestApi
from serving.server.rest.workers import Workers

_BACKLOG = 2048  # connections that the system keeps until they are accepted
_LOOKS_PER_PATIENCE = 10
_MAX_LOOK_S = 1.0
_STOP_LOOK_S = 0.02


class RestFront:
    """Listens from `start` on."""

    def __init__(
        self,
        api: RestApi,
        *,
        listener: socket.socket,
        threads: int,
        timeout_s: float,
        drain_s: float,
        max_body_bytes: int = 0,
        max_waiting: int = 0,
        patience: Patience | None = None,
    ) -> None:
        """Prepares to listen.

        Args:
            api: Answers the requests.
            listener: Bound, not listening yet.
            threads: Requests that are worked on at a time.
            timeout_s: What one may take.
            drain_s: What those that are running may take at the end.
            max_body_bytes: A larger body is refused before it is read; 0 is no limit.
            max_waiting: Requests that may wait for a thread; 0 is no limit.
            patience: What clients may take.
        """
        self._listener = listener
        self._drain_s = drain_s
        self._max_body_bytes = max_body_bytes
        self._patience = patience or Patience()
        self._workers = Workers(
            api, threads=threads, max_waiting=max_waiting, timeout_s=timeout_s
        )
        self._connections: set[HttpConnection] = set()
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event
        self._opened = threading.Event()
        self._error: OSError | None = None
        self._thread = threading.Thread(
            target=self._run, name="rest-front", daemon=True
        )

    def start(self) -> None:
        """Returns when the port is open.

        Raises:
            OSError: It cannot be opened.
        """
        self._thread.start()
        self._opened.wait()
        if self._error is not None:
            raise OSError(
                f"cannot listen for REST on {self._listener.getsockname()}:"
                f" {self._error}"
            ) from self._error

    def stop(self) -> None:
        """Takes no further connection; `join` waits for running requests."""
        with contextlib.suppress(RuntimeError):  # it has ended already
            self._loop.call_soon_threadsafe(self._stopping.set)

    def join(self, timeout_s: float) -> None:
        """Waits until all is answered or the time is over."""
        self._thread.join(timeout_s)

    def begin(
        self, request: Request, reply: Callable[[Answer], None]
    ) -> Callable[[], None] | Answer:
        """Starts to answer a request of a connection."""
        return self._workers.begin(request, reply)

    def forget(self, connection: HttpConnection) -> None:
        """A connection is closed."""
        self._connections.discard(connection)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as err:
            self._error = err
        finally:
            self._opened.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._workers.start()
        server = await self._loop.create_server(
            self._connect, sock=self._listener, backlog=_BACKLOG
        )
        self._opened.set()
        while not self._stopping.is_set():
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._look_s())
            self._check_times()
        server.close()
        await self._drain()
        self._workers.stop()

    def _connect(self) -> HttpConnection:
        connection = HttpConnection(
            self, max_body_bytes=self._max_body_bytes, patience=self._patience
        )
        self._connections.add(connection)
        return connection

    def _look_s(self) -> float:
        shortest_s = min(
            self._patience.idle_s, self._patience.transfer_s, self._patience.linger_s
        )
        return min(_MAX_LOOK_S, shortest_s / _LOOKS_PER_PATIENCE)

    def _check_times(self) -> None:
        now = self._loop.time()
        for connection in list(self._connections):
            connection.check_time(now)

    async def _drain(self) -> None:
        for connection in list(self._connections):
            connection.finish()
        until = self._loop.time() + self._drain_s
        while self._connections and self._loop.time() < until:
            self._check_times()
            await asyncio.sleep(_STOP_LOOK_S)
        for connection in list(self._connections):
            connection.abort()
