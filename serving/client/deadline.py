"""The moment at which a call ends, whatever it waits for."""

from __future__ import annotations

import time

from serving.client.errors import DeadlineError


class Deadline:
    """A moment in the future; every wait of a call takes what is left until then."""

    def __init__(self, timeout_s: float) -> None:
        if not timeout_s > 0:
            raise ValueError(f"timeout_s must be more than 0, got {timeout_s}")
        self.timeout_s = timeout_s
        self._end = time.monotonic() + timeout_s

    def left_s(self) -> float:
        """Returns the seconds that are left, more than 0.

        Raises:
            DeadlineError: There are none.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.error()
        return left

    def error(self) -> DeadlineError:
        """Returns the error of a call that took too long."""
        return DeadlineError(
            "DEADLINE_EXCEEDED",
            f"no answer within {self.timeout_s:g} s; allow more time or send less",
        )
