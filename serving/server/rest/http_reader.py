"""From the bytes of one connection to whole requests, none larger than allowed."""

from __future__ import annotations

from collections.abc import Callable

import httptools

from serving.server.errors import InvalidArgumentError
from serving.server.rest.answer import Answer, refuse
from serving.server.rest.http_message import Request
from serving.server.rest.json_answer import write_error
from serving.server.rest.request_body import BodyTooLargeError

_MAX_HEAD_BYTES = 2**16
_BYTES_PER_CHUNK = 16  # around a chunk of one byte, with room to spare


class HttpReader:
    """Takes bytes, gives whole requests; after one refusal it takes no more.

    Attributes:
        is_inside: Whether a request has begun and is not whole yet.
        body_bytes: What came of the body of that request; None before its headers end.
        is_over: Whether the connection ends with the answer that was given last.
    """

    def __init__(
        self,
        *,
        max_body_bytes: int,
        give: Callable[[Request | Answer], None],
        ask_for_body: Callable[[], None],
    ) -> None:
        """Prepares to read.

        Args:
            max_body_bytes: As it is sent; 0 is no limit.
            give: Gets requests, or the refusal of one.
            ask_for_body: Called where a client waits for leave to send a body.
        """
        self._max_body_bytes = max_body_bytes
        self._give = give
        self._ask_for_body = ask_for_body
        self._parser = httptools.HttpRequestParser(self)
        self.is_inside = False
        self.is_over = False
        self.body_bytes: int | None = None
        self._begin()

    def feed(self, data: bytes) -> None:
        """Takes the next bytes."""
        while data and not self.is_over:
            rest = b""
            self._fed_bytes += len(data)
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                # Nothing is spoken here but HTTP/1: the wish is passed over.
                rest = data[upgrade.args[0] :]
            except httptools.HttpParserError as err:
                self.refuse(refuse(InvalidArgumentError(f"Malformed HTTP: {err}")))
            if self.is_inside:
                self._check_head()
            data = rest

    def refuse(self, answer: Answer) -> None:
        """Gives an answer in place of a request, and takes no more."""
        if not self.is_over:
            self.is_over = True
            self._give(answer)

    def _check_head(self) -> None:
        """Refuses headers, before the body or after it, that do not end."""
        body_bytes = self.body_bytes or 0
        other_bytes = self._fed_bytes - body_bytes
        if other_bytes > _MAX_HEAD_BYTES + _BYTES_PER_CHUNK * body_bytes:
            words = f"the headers must have at most {_MAX_HEAD_BYTES} bytes"
            self.refuse(Answer(status=431, body=write_error(words)))

    def _begin(self) -> None:
        self._url: list[bytes] = []
        self._headers: dict[bytes, bytes] = {}
        self._chunks: list[bytes] = []
        self._fed_bytes = 0
        self.body_bytes = None

    def on_message_begin(self) -> None:
        """Called by the parser, as all of the following."""
        self.is_inside = True

    def on_url(self, url: bytes) -> None:
        """May come in parts."""
        self._url.append(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One whole header."""
        self._headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        """Refuses what would be too large before it comes."""
        self.body_bytes = 0
        length = self._headers.get(b"content-length", b"0")
        if self._is_too_large(int(length)):
            return
        if self._headers.get(b"expect", b"").lower() == b"100-continue":
            self._ask_for_body()

    def on_body(self, chunk: bytes) -> None:
        """May come in parts."""
        if self.is_over or self.body_bytes is None:
            return
        self.body_bytes += len(chunk)
        if not self._is_too_large(self.body_bytes):
            self._chunks.append(chunk)

    def on_message_complete(self) -> None:
        """Gives the request."""
        if self.is_over:
            return
        chunks = self._chunks
        request = Request(
            method=self._parser.get_method().decode("ascii"),
            target=b"".join(self._url).decode("ascii", "replace"),
            headers=self._headers,
            body=chunks[0] if len(chunks) == 1 else b"".join(chunks),
            version=self._parser.get_http_version(),
            keep_alive=self._parser.should_keep_alive(),
        )
        self.is_inside = False
        self.is_over = not request.keep_alive
        self._begin()
        self._give(request)

    def _is_too_large(self, count: int) -> bool:
        if not self._max_body_bytes or count <= self._max_body_bytes:
            return False
        self._chunks = []
        self.refuse(refuse(BodyTooLargeError(self._max_body_bytes)))
        return True
