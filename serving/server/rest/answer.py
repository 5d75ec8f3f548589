"""A REST answer, and errors as answers."""

from __future__ import annotations

from dataclasses import dataclass

from serving.server.errors import as_serving_error
from serving.server.rest.json_answer import write_error

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A REST answer.

    Attributes:
        status: Of HTTP.
        body: As it is sent.
        content_type: Of the body.
        headers: Further ones, as names and values.
    """

    status: int = 200
    body: bytes = b""
    content_type: bytes = b"application/json"
    headers: Headers = ()


def refuse(err: Exception, headers: Headers = ()) -> Answer:
    """Returns what a client gets for an exception."""
    error = as_serving_error(err)
    return Answer(
        status=error.http_status, body=write_error(error.message), headers=headers
    )
