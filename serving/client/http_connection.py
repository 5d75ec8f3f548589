"""HTTP connections that are kept open, and never wait past a call's deadline."""

from __future__ import annotations

import http.client
import io
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from serving.client.deadline import Deadline
from serving.client.errors import ServerError, ServingError, UnavailableError


@dataclass(frozen=True, kw_only=True)
class HttpAnswer:
    """Status code and body of a response."""

    code: int
    body: bytes


class HttpPool:
    """Connections to one server, one for each call that runs at the same time."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._idle: deque[_Connection] = deque()

    def send(
        self, method: str, path: str, body: bytes | None, deadline: Deadline
    ) -> HttpAnswer:
        """Sends one request and reads the whole answer.

        Raises:
            UnavailableError: There is no connection, or it ended before the answer.
            DeadlineError: It took too long.
            ServerError: The answer is not HTTP.
        """
        try:
            idle = self._idle.pop()
        except IndexError:
            return self._send_on(self._new(), method, path, body, deadline)
        try:
            return self._send_on(idle, method, path, body, deadline)
        except UnavailableError:
            # Servers close connections that nobody uses; a new one tells more.
            return self._send_on(self._new(), method, path, body, deadline)

    def close(self) -> None:
        """Closes the connections that are not in use."""
        while self._idle:
            self._idle.pop().close()

    def _new(self) -> _Connection:
        return _Connection(self._host, self._port)

    def _send_on(
        self,
        connection: _Connection,
        method: str,
        path: str,
        body: bytes | None,
        deadline: Deadline,
    ) -> HttpAnswer:
        connection.deadline = deadline
        try:
            headers = {"Content-Type": "application/json"} if body else {}
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = HttpAnswer(code=response.status, body=response.read())
        except (OSError, http.client.HTTPException) as err:
            connection.close()
            raise self._error(err, deadline) from err
        except BaseException:  # an interrupt; the rest of the answer belongs to nobody
            connection.close()
            raise
        if response.will_close:
            connection.close()
        else:
            self._idle.append(connection)
        return answer

    def _error(self, err: Exception, deadline: Deadline) -> ServingError:
        where = f"{self._host}:{self._port}"
        if isinstance(err, TimeoutError):
            return deadline.error()
        # An answer that is cut off is the end of a connection, but no OSError.
        if isinstance(err, (OSError, http.client.IncompleteRead)):
            reason = getattr(err, "strerror", None) or err
            return UnavailableError(
                "UNAVAILABLE", f"no connection to {where}: {reason}"
            )
        return ServerError(
            "DATA_LOSS",
            f"{where} must speak HTTP, got {err!r}; is it the gRPC port?",
        )


class _Connection(http.client.HTTPConnection):
    """A connection whose every wait ends at the deadline of the call it serves."""

    deadline: Deadline

    def connect(self) -> None:
        self.timeout = self.deadline.left_s()
        super().connect()
        bounded = _BoundedSocket(self.sock, lambda: self.deadline)
        self.sock = cast(socket.socket, bounded)


class _BoundedSocket:
    """The part of a socket that `http.client` uses, each wait bounded.

    A socket's own timeout starts anew with every byte that arrives.
    """

    def __init__(self, sock: socket.socket, deadline: Callable[[], Deadline]) -> None:
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline().left_s())
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_BoundedReader(self._sock, self._deadline))

    def close(self) -> None:
        self._sock.close()


class _BoundedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: Callable[[], Deadline]) -> None:
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline().left_s())
        return self._sock.recv_into(buffer)
