"""An HTTP request as it came, and the first lines of an answer."""

from __future__ import annotations

import functools
import http
import time
from dataclasses import dataclass
from email.utils import formatdate

from serving.server.rest.answer import Answer


@dataclass(frozen=True, kw_only=True)
class Request:
    """A whole request.

    Attributes:
        method: Such as POST.
        target: As it was sent, percent-encoded, with the query.
        headers: Names in lower case; of a name that comes twice, the last.
        body: Still packed.
        version: Of HTTP, such as 1.1.
        keep_alive: Whether another request may follow.
    """

    method: str
    target: str
    headers: dict[bytes, bytes]
    body: bytes
    version: str
    keep_alive: bool


def write_head(answer: Answer, *, keep_alive: bool, version: str) -> bytes:
    """Returns everything before the body of an answer.

    Args:
        answer: Only its body's length is looked at.
        keep_alive: Whether another answer may follow.
        version: Of the request: only 1.0 has to be told that the connection stays.
    """
    lines = [
        _status_line(answer.status),
        b"content-type: " + answer.content_type,
        b"content-length: %d" % len(answer.body),
        _date_line(int(time.time())),
        *(b"%b: %b" % header for header in answer.headers),
    ]
    if not keep_alive:
        lines.append(b"connection: close")
    elif version == "1.0":
        lines.append(b"connection: keep-alive")
    return b"\r\n".join([*lines, b"", b""])


@functools.cache
def _status_line(status: int) -> bytes:
    # One of nginx that the standard library does not know.
    phrase = (
        "Client Closed Request" if status == 499 else http.HTTPStatus(status).phrase
    )
    return f"HTTP/1.1 {status} {phrase}".encode()


@functools.lru_cache(maxsize=1)
def _date_line(second: int) -> bytes:
    return f"date: {formatdate(second, usegmt=True)}".encode()
