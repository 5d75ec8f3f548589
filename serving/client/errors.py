"""What can go wrong between client and server, as a small tree."""

from __future__ import annotations

# The names are gRPC's; TF Serving answers HTTP with these numbers for them.
_STATUS_OF_HTTP = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_REFUSALS = frozenset(
    {
        "INVALID_ARGUMENT",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "FAILED_PRECONDITION",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "UNAUTHENTICATED",
    }
)


class ServingError(Exception):
    """A call that got no result.

    Attributes:
        status: gRPC's name of the status, such as `NOT_FOUND`; over REST the name that
            belongs to the HTTP code.
        message: What the server, or the connection, said.
    """

    def __init__(self, status: str, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message


class ClientError(ServingError):
    """The server refuses this request; sent again it is refused again."""


class ServerError(ServingError):
    """The server, or what it answered, is at fault."""


class UnavailableError(ServerError):
    """Nobody answers, or who answers has no room now; may be sent again."""


class DeadlineError(ServingError):
    """No answer within the call's time."""


def error_of(status: str, message: str) -> ServingError:
    """Returns the error of a status name.

    Example:
        >>> error_of("NOT_FOUND", "Servable not found for request: Latest(car)")
        ClientError('NOT_FOUND: Servable not found for request: Latest(car)')
    """
    if status == "UNAVAILABLE":
        return UnavailableError(status, message)
    if status == "DEADLINE_EXCEEDED":
        return DeadlineError(status, message)
    return (ClientError if status in _REFUSALS else ServerError)(status, message)


def status_of_http(code: int) -> str:
    """Returns the status name of an HTTP code that is not 200."""
    other = "INVALID_ARGUMENT" if 400 <= code < 500 else "UNKNOWN"
    return _STATUS_OF_HTTP.get(code, other)
