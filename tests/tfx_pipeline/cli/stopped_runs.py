"""`carseg run` on drawn scratches with a planted training, stopped by signals.

Each run is a fork of a process that has TFX loaded, with a session of its own.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.forking_process import ForkingProcess, forking_process, serve_orders
from tests.planted_runs import write_settings

ROOT = Path(__file__).parents[3]
RUN_FN = "tests.planted_models.finds_light_bodies"
LITTLE_WORK = {
    "evaluate": {"slice_features": ["view"], "bootstrap_replicates": 0},
    "serve": {"latency_requests": 1},
    "beam": {"running_mode": "in_memory", "workers": 1},
}
LOADING = "loading TFX"
_POLL_S = 0.005


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A signal, sent a while after the run said that its n-th node, from 0, begins."""

    signal: int
    node: int
    after_s: float


@dataclass(frozen=True, kw_only=True)
class EndedRun:
    """How a run ended: exit code (below 0 a signal), stdout's object, stderr."""

    code: int
    summary: dict[str, Any]
    errors: str

    @property
    def nodes(self) -> list[str]:
        """Those that began, in their order."""
        begun = re.findall(r"^(.+) \.\.\.$", self.errors, re.MULTILINE)
        return [name for name in begun if name != LOADING]

    @property
    def said(self) -> list[str]:
        """Lines of stderr that are not about nodes."""
        about_nodes = re.compile(r".+ \.\.\.|\w+ finished after .+ s")
        return [
            line for line in self.errors.splitlines() if not about_nodes.fullmatch(line)
        ]

    def took_s(self, node: str) -> float:
        """Returns the seconds of a node that ended."""
        (found,) = re.findall(rf"^{node} finished after (.+) s$", self.errors, re.M)
        return float(found)


class StoppedRuns:
    """Runs one command after the other."""

    def __init__(self, folder: Path, process: ForkingProcess) -> None:
        self.folder, self._process = folder, process
        self._settings = write_settings(folder, LITTLE_WORK)

    @property
    def temporary(self) -> Path:
        """What the runs take for /tmp."""
        return self.folder / "tmp"

    def run(self, root: Path, stop: Stop | None = None) -> EndedRun:
        """Runs the pipeline in a folder; to its end where nothing stops it."""
        out, errors = self.folder / "stdout", self.folder / "errors"
        self.temporary.mkdir(exist_ok=True)
        for file in (out, errors):
            file.write_bytes(b"")
        order = {
            "arguments": ["run", "--json", f"--config={self._settings}"],
            "root": str(root),
            "out": str(out),
            "errors": str(errors),
            "temporary": str(self.temporary),
        }
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(self._process.run, order)
            if stop is not None:
                _send(stop, running, errors, root)
            code = running.result()
        said = out.read_text("utf-8")
        summary = json.loads(said) if said else {}
        return EndedRun(code=code, summary=summary, errors=errors.read_text("utf-8"))


@contextmanager
def stopped_runs(folder: Path) -> Iterator[StoppedRuns]:
    """Starts the process that runs are forked from."""
    with forking_process(__name__, checkout=ROOT, errors=folder / "host") as process:
        yield StoppedRuns(folder, process)


def _send(stop: Stop, running: Future[int], errors: Path, root: Path) -> None:
    while not running.done():
        begun = EndedRun(code=0, summary={}, errors=errors.read_text("utf-8")).nodes
        if len(begun) > stop.node:
            time.sleep(stop.after_s)
            if not running.done():
                os.kill(int((root / ".lock").read_text()), stop.signal)
            return
        time.sleep(_POLL_S)


def _run(
    arguments: Sequence[str], root: str, out: str, errors: str, temporary: str
) -> None:
    for path, stream in ((out, sys.stdout), (errors, sys.stderr)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND), stream.fileno())
    os.environ["TMPDIR"] = temporary
    # A shell that started the tests in the background may have it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    training_nodes.RUN_FN = RUN_FN
    code = main([*arguments, f"--root={root}"])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # to tear down what was loaded before takes three seconds


if __name__ == "__main__":
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # as the command sets it
    # All of the run's modules, for the forks to come.
    import tests.planted_models  # noqa: F401
    import tfx_pipeline.cli.run
    import tfx_pipeline.runners.local_runner  # noqa: F401
    from tfx_pipeline.cli.main import main
    from tfx_pipeline.pipeline import training_nodes

    serve_orders(_run)
