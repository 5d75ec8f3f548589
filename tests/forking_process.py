"""A process that loads TFX once and forks for each order.

A process of its own would spend most of its time on loading TFX. The one that forks
only loads: TensorFlow must not compute before a fork.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class ForkingProcess:
    """Takes one order after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, order: Mapping[str, Any]) -> int:
        """Returns the exit code of the fork that carried the order out."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def forking_process(
    module: str, *, checkout: Path, errors: Path
) -> Iterator[ForkingProcess]:
    """Starts a module that calls `serve_orders`.

    Args:
        module: Its dotted path.
        checkout: Whose sources the forks run.
        errors: File for stderr.
    """
    with (
        errors.open("w") as stream,
        subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=checkout,
            env=os.environ | {"PYTHONPATH": str(checkout)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
        ) as process,
    ):
        yield ForkingProcess(process)


def serve_orders(carry_out: Callable[..., None]) -> None:
    """Reads an order per line; answers with the exit code of its fork.

    Args:
        carry_out: Takes an order's entries by name; ends the process.
    """
    import keras  # noqa: F401  # all of these for the processes to come
    import tensorflow_data_validation  # noqa: F401
    import tensorflow_model_analysis  # noqa: F401
    import tensorflow_transform  # noqa: F401
    from tfx import v1  # noqa: F401

    from tests.remembered_dofns import remember_dofn_specs

    remember_dofn_specs()
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            carry_out(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
