"""A process of clients that measures one way whenever it is told to."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.serving_load import Load, run_clients
from benchmarks.serving_ways import WAYS

ROOT = Path(__file__).parents[1]


class CannotMeasureError(Exception):
    """A server or its clients did not start or failed; the message says which."""


class Worker:
    """The side of the process that tells.

    Attributes:
        answer: The first that came, as it was sent.
    """

    def __init__(self, way: str, target: str, photo: Path) -> None:
        """Starts the process, which asks once, and does not wait for it.

        Args:
            way: One of `serving_ways.WAYS`.
            target: The port, or for threads the folder of the model.
            photo: What is sent.
        """
        self.answer = b""
        self._way = way
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, way, target, str(photo)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=quiet_environment(),
        )

    def wait_until_ready(self) -> None:
        """Returns when the first answer has come."""
        self.answer = base64.b64decode(self._read())

    def measure(self, clients: int, seconds: float) -> Load:
        """Returns what so many clients saw."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{clients} {seconds}\n")
        self._process.stdin.flush()
        return Load(**json.loads(self._read()))

    def stop(self) -> None:
        """Ends the process."""
        self._process.communicate()

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise CannotMeasureError(f"{self._way}: clients failed; why stands above")
        return line


def quiet_environment() -> dict[str, str]:
    """Returns this environment without TensorFlow's greetings."""
    return os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}


def work(way: str, target: str, photo: str) -> None:
    """The other side: prints the first answer, then a load for every line it reads."""
    make_ask = WAYS[way](target, Path(photo).read_bytes())
    print(base64.b64encode(make_ask()()).decode(), flush=True)
    for line in sys.stdin:
        clients, seconds = line.split()
        load = run_clients(make_ask, int(clients), float(seconds))
        print(json.dumps(load.as_dict()), flush=True)


if __name__ == "__main__":
    work(*sys.argv[1:])
