"""The REST side: an event loop in a thread of its own, and threads that work."""

from __future__ import annotations

import asyncio
import math
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvicorn

from serving.server.errors import DeadlineExceededError
from serving.server.rest.json_answer import write_error
from serving.server.rest.rest_api import Answer, RestApi

_KEEP_ALIVE_S = 75  # as long as load balancers keep a connection
_POLL_S = 0.01

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


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
    ) -> None:
        """Prepares to listen.

        Args:
            api: Answers the requests.
            listener: Bound, not listening yet.
            threads: Requests that are worked on at a time.
            timeout_s: What one may take.
            drain_s: What those that are running may take at the end.
        """
        self._api = api
        self._listener = listener
        self._timeout_s = timeout_s
        self._pool = ThreadPoolExecutor(threads, "rest")
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._serve,
                http="httptools",
                interface="asgi3",
                loop="asyncio",
                lifespan="off",
                ws="none",
                log_config=None,
                log_level="error",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=_KEEP_ALIVE_S,
                timeout_graceful_shutdown=math.ceil(drain_s),
            )
        )
        self._thread = threading.Thread(
            target=self._server.run,
            args=([listener],),
            name="rest-front",
            daemon=True,
        )

    def start(self) -> None:
        """Returns when the port is open."""
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise OSError(
                    f"cannot listen for REST on {self._listener.getsockname()}"
                )
            time.sleep(_POLL_S)

    def stop(self) -> None:
        """Takes no further connection; `join` waits for running requests."""
        self._server.should_exit = True

    def join(self, timeout_s: float) -> None:
        """Waits until all is answered or the time is over."""
        self._thread.join(timeout_s)
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _serve(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """One request, as an ASGI application."""
        chunks = []
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                return
            chunks.append(event.get("body", b""))
            if not event.get("more_body"):
                break
        body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        answer = await self._work(scope, body)
        headers = [
            (b"content-type", answer.content_type),
            (b"content-length", str(len(answer.body)).encode()),
        ]
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": headers,
            }
        )
        await send({"type": "http.response.body", "body": answer.body})

    async def _work(self, scope: dict[str, Any], body: bytes) -> Answer:
        work = asyncio.get_running_loop().run_in_executor(
            self._pool,
            self._api.answer,
            scope["method"],
            scope["raw_path"].decode("ascii", "replace"),
            dict(scope["headers"]),
            body,
        )
        try:
            return await asyncio.wait_for(work, self._timeout_s or None)
        except asyncio.TimeoutError:
            error = DeadlineExceededError("Timed out waiting for notification")
            return Answer(status=error.http_status, body=write_error(error.message))
