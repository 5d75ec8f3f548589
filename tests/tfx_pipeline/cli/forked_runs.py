"""`carseg` commands in processes that load our sources anew, but TFX only once.

A process of its own would spend half a minute on loading TFX before it is under way.
The one that forks only loads: TensorFlow must not compute before a fork.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ForkedRuns:
    """Runs commands in a checkout, one after the other, from its sources of then."""

    def __init__(self, checkout: Path, process: subprocess.Popen[str]) -> None:
        self._out, self._errors = checkout / "stdout", checkout / "stderr"
        self._process = process

    def carseg(self, *arguments: str) -> str:
        """Returns stdout of a command that ends well."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps([str(self._out), *arguments]) + "\n")
        self._process.stdin.flush()
        code = self._process.stdout.readline()
        assert code == "0\n", self._errors.read_text("utf-8")
        return self._out.read_text("utf-8")


@contextmanager
def forked_runs(checkout: Path) -> Iterator[ForkedRuns]:
    """Starts the process that others are forked from."""
    with (
        (checkout / "stderr").open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=checkout,
            env=os.environ | {"PYTHONPATH": str(checkout)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        yield ForkedRuns(checkout, process)


def serve() -> None:
    """Reads a file for stdout and a command per line; answers with the exit code."""
    import keras  # noqa: F401  # all of these for the processes to come
    import tensorflow_data_validation  # noqa: F401
    import tensorflow_transform  # noqa: F401
    from tfx import v1  # noqa: F401

    from tests.remembered_dofns import remember_dofn_specs

    remember_dofn_specs()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(*json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _run(out: str, *arguments: str) -> None:
    os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), sys.stdout.fileno())
    from tfx_pipeline.cli.main import main

    sys.exit(main(list(arguments)))


if __name__ == "__main__":
    serve()
