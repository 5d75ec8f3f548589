"""`carseg` commands in processes that load our sources anew, but TFX only once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.forking_process import ForkingProcess, forking_process, serve_orders


class ForkedRuns:
    """Runs commands in a checkout, one after the other, from its sources of then."""

    def __init__(self, checkout: Path, process: ForkingProcess) -> None:
        self._out, self._errors = checkout / "stdout", checkout / "stderr"
        self._process = process

    def carseg(self, *arguments: str) -> str:
        """Returns stdout of a command that ends well."""
        code = self._process.run({"out": str(self._out), "arguments": arguments})
        assert code == 0, self._errors.read_text("utf-8")
        return self._out.read_text("utf-8")


@contextmanager
def forked_runs(checkout: Path) -> Iterator[ForkedRuns]:
    """Starts the process that others are forked from."""
    errors = checkout / "stderr"
    with forking_process(__name__, checkout=checkout, errors=errors) as process:
        yield ForkedRuns(checkout, process)


def _run(out: str, arguments: Sequence[str]) -> None:
    os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), sys.stdout.fileno())
    from tfx_pipeline.cli.main import main

    sys.exit(main(list(arguments)))


if __name__ == "__main__":
    serve_orders(_run)
