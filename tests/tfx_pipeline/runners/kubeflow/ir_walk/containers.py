"""Runs the command of a container: in a process of its own, or in a forked one.

A process of its own spends most of its time on loading TFX. The forked one has loaded
it before; from there on it is the same `python -m` of the same module with the same
arguments, in a folder, a home and an environment of its own.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import subprocess
import sys
import traceback
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

_PATH = f"{Path(sys.executable).parent}:/usr/bin:/bin"


@dataclass(frozen=True, kw_only=True)
class Container:
    """A command and the folder that stands in for the container's file system."""

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]

    @property
    def log(self) -> Path:
        """stdout and stderr."""
        return self.folder / "log"

    def variables(self) -> dict[str, str]:
        """Returns the whole environment: nothing of this process's is passed on."""
        home = self.folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        own = {"PATH": _PATH, "HOME": str(home), "LANG": "C.UTF-8"}
        return own | dict(self.environment)


class ContainerHost(Protocol):
    """Something that runs containers."""

    def run(self, container: Container) -> int:
        """Returns the exit code; output is in the container's log."""


class Processes:
    """A process for each."""

    def run(self, container: Container) -> int:
        variables = container.variables()
        with container.log.open("wb") as log:
            return subprocess.run(
                container.command,
                cwd=variables["HOME"],
                env=variables,
                stdout=log,
                stderr=log,
                check=False,
            ).returncode


class ForkedProcesses:
    """A fork for each, of a process that has only loaded TFX and TensorFlow."""

    def __init__(self, process: subprocess.Popen[str], own: Collection[str]) -> None:
        self._process, self._own = process, own

    def run(self, container: Container) -> int:
        """Runs the named ones, and what is not Python, in processes of their own."""
        if container.folder.name in self._own or container.command[0] != "python":
            return Processes().run(container)
        order = {
            "command": list(container.command),
            "log": str(container.log),
            "variables": container.variables(),
        }
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def forked_processes(folder: Path, own: Collection[str]) -> Iterator[ForkedProcesses]:
    """Starts the process that others are forked from.

    Args:
        folder: For what it says.
        own: Names of containers that get a process of their own nonetheless.
    """
    checkout = Path(__file__).parents[5]
    with (
        (folder / "host.log").open("wb") as errors,
        subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=checkout,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        yield ForkedProcesses(process, own)


def serve() -> None:
    """Reads an order per line; answers with the exit code."""
    import keras  # noqa: F401  # all of these for the processes to come
    import tensorflow_data_validation  # noqa: F401
    import tensorflow_model_analysis  # noqa: F401
    import tensorflow_transform  # noqa: F401
    from tfx import components  # noqa: F401
    from tfx.orchestration.kubeflow.v2.container import (
        kubeflow_v2_run_executor,  # noqa: F401
    )

    from tests.remembered_dofns import remember_dofn_specs

    remember_dofn_specs()
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _run(command: list[str], log: str, variables: dict[str, str]) -> None:
    _, option, module, *arguments = command
    assert option == "-m", command
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(output, stream.fileno())
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(variables["HOME"])
    sys.argv = [module, *arguments]
    code: Any = 0
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as exit_:
        code = exit_.code
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # to tear down what was loaded before takes three seconds


if __name__ == "__main__":
    serve()
