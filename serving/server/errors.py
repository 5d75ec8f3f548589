"""Errors of a request; each carries the canonical status that its client gets."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """The canonical status codes, as gRPC and TensorFlow number them."""

    OK = 0
    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16


# As http_server.cc of TensorFlow Serving maps them; what is not named is 500.
_HTTP_STATUS = {
    Code.OK: 200,
    Code.INVALID_ARGUMENT: 400,
    Code.FAILED_PRECONDITION: 400,
    Code.OUT_OF_RANGE: 400,
    Code.UNAUTHENTICATED: 401,
    Code.PERMISSION_DENIED: 403,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.ABORTED: 409,
    Code.RESOURCE_EXHAUSTED: 429,
    Code.CANCELLED: 499,
    Code.UNIMPLEMENTED: 501,
    Code.UNAVAILABLE: 503,
    Code.DEADLINE_EXCEEDED: 504,
}


class ServingError(Exception):
    """A request that cannot be answered; `code` says whose fault it is."""

    code = Code.UNKNOWN

    def __init__(self, message: str, code: Code | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code

    @property
    def http_status(self) -> int:
        """The status of a REST answer."""
        return _HTTP_STATUS.get(self.code, 500)

    def __str__(self) -> str:
        return f"{self.code.name}: {self.message}"


class InvalidArgumentError(ServingError):
    """The request is wrong whatever the server's state."""

    code = Code.INVALID_ARGUMENT


class NotFoundError(ServingError):
    """No such model or version."""

    code = Code.NOT_FOUND


class FailedPreconditionError(ServingError):
    """The model does not offer what is asked."""

    code = Code.FAILED_PRECONDITION


class UnimplementedError(ServingError):
    """This server cannot do it."""

    code = Code.UNIMPLEMENTED


class DeadlineExceededError(ServingError):
    """The client's time was over before the answer was there."""

    code = Code.DEADLINE_EXCEEDED


def as_serving_error(err: Exception) -> ServingError:
    """Returns the status that a client gets for any exception.

    TensorFlow's errors carry a code of the same numbering; anything else is a fault
    of the server.
    """
    if isinstance(err, ServingError):
        return err
    code = getattr(err, "error_code", None)
    if code is not None:
        return ServingError(str(getattr(err, "message", err)), Code(code))
    return ServingError(f"{type(err).__name__}: {err}", Code.INTERNAL)
