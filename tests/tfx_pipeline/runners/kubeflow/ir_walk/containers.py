"""Runs the command of a container: in a process of its own, or in a forked one.

The forked one has loaded TFX before; from there on it is the same `python -m` of the
same module with the same arguments, in a folder, a home and an environment of its own.
"""

from __future__ import annotations

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

from tests.forking_process import ForkingProcess, forking_process, serve_orders

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

    def __init__(self, process: ForkingProcess, own: Collection[str]) -> None:
        self._process, self._own = process, own

    def run(self, container: Container) -> int:
        """Runs the named ones, and what is not Python, in processes of their own."""
        if container.folder.name in self._own or container.command[0] != "python":
            return Processes().run(container)
        return self._process.run(
            {
                "command": list(container.command),
                "log": str(container.log),
                "variables": container.variables(),
            }
        )


@contextmanager
def forked_processes(folder: Path, own: Collection[str]) -> Iterator[ForkedProcesses]:
    """Starts the process that others are forked from.

    Args:
        folder: For what it says.
        own: Names of containers that get a process of their own nonetheless.
    """
    checkout, errors = Path(__file__).parents[5], folder / "host.log"
    with forking_process(__name__, checkout=checkout, errors=errors) as process:
        yield ForkedProcesses(process, own)


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
    from tfx.orchestration.kubeflow.v2.container import (
        kubeflow_v2_run_executor,  # noqa: F401  # for the processes to come
    )

    serve_orders(_run)
