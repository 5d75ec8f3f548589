"""The body of a REST request: unpacked, and never larger than allowed."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from serving.server.errors import Code, InvalidArgumentError, ServingError

_GZIP = zlib.MAX_WBITS | 16
_LARGEST = 2**31 - 1  # as much as gRPC takes


class BodyTooLargeError(ServingError):
    """More bytes than --max_request_bytes.

    HTTP has a status for this, which clients and proxies know not to try again; 429,
    the status of RESOURCE_EXHAUSTED, asks them to.
    """

    code = Code.RESOURCE_EXHAUSTED

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"a request must have at most {limit} bytes, unpacked too; send fewer"
            " photos per request, or start the server with a larger"
            " --max_request_bytes"
        )

    @property
    def http_status(self) -> int:
        """Content Too Large."""
        return 413


def unpack(body: bytes, headers: Mapping[bytes, bytes], max_bytes: int) -> bytes:
    """Returns the body as its sender wrote it.

    Args:
        body: As it came.
        headers: Names in lower case.
        max_bytes: Of the unpacked body; 0 is what gRPC takes.

    Raises:
        InvalidArgumentError: What is said to be gzip is none, or not whole.
        BodyTooLargeError: It grows beyond `max_bytes`.
    """
    if not body or b"gzip" not in headers.get(b"content-encoding", b""):
        return body
    limit = max_bytes or _LARGEST
    inflater = zlib.decompressobj(_GZIP)
    try:
        data = inflater.decompress(body, limit)
        rest = b"" if inflater.eof else inflater.decompress(inflater.unconsumed_tail, 1)
    except zlib.error as err:
        raise _broken(str(err)) from err
    if rest:
        raise BodyTooLargeError(limit)
    if not inflater.eof:
        raise _broken("it ends too early")
    return data


def _broken(reason: str) -> InvalidArgumentError:
    # TensorFlow Serving takes a body that it cannot inflate for an empty one.
    return InvalidArgumentError(
        "JSON Parse error: The document is empty: the gzip body cannot be inflated"
        f" ({reason})"
    )
