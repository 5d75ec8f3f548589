"""Versions that need no TensorFlow, and what loads them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from serving.server.errors import Code, ServingError
from serving.server.models.model_manager import ModelManager
from serving.server.models.swap_policy import State


class FakeRunner:
    """A version whose every call is known; it fails when it runs after its end."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.closing = False
        self.closed = False
        self.close_gate: threading.Event | None = None
        self.signatures: dict[str, Any] = {}

    def run(
        self,
        _signature: str,
        _inputs: Any,
        _outputs: Any,
        *,
        until: float | None = None,
    ) -> dict[str, Any]:
        assert not self.closed, f"{self.path} runs after it was closed"
        return {"path": self.path}

    def close(self) -> None:
        self.closing = True
        if self.close_gate is not None:
            assert self.close_gate.wait(10)
        self.closing = False
        self.closed = True


class Loader:
    """Loads fakes; `failing` paths raise, `gates` hold a load until they are set."""

    def __init__(self) -> None:
        self.failing: set[str] = set()
        self.gates: dict[str, threading.Event] = {}
        self.tries: list[str] = []
        self.runners: dict[str, FakeRunner] = {}

    def __call__(self, _name: str, path: str) -> FakeRunner:
        self.tries.append(path)
        if path in self.gates:
            assert self.gates[path].wait(10)
        if path in self.failing:
            raise ServingError("no variables", Code.FAILED_PRECONDITION)
        self.runners[path] = FakeRunner(path)
        return self.runners[path]


def wait_until(condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.002)


def states(manager: ModelManager, name: str = "m") -> dict[int, State]:
    return {status.version: status.state for status in manager.statuses(name)}
