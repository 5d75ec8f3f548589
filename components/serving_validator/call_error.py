"""What a client raises when a server does not answer as asked."""

from __future__ import annotations


class CallError(Exception):
    """A call failed.

    Attributes:
        code: Name of the gRPC status or number of the HTTP status; `no answer` where
            there was none.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


NO_ANSWER = "no answer"
