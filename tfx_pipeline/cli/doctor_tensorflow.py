"""Checks of TensorFlow: its devices, and that a training step works."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from tfx_pipeline.cli.doctor_check import Check

PROBE = (sys.executable, "-m", "tfx_pipeline.cli.doctor_probe")
_REMEDY = (
    "run `make setup`; if it stays, `python -m tfx_pipeline.cli.doctor_probe` shows all"
)
_ILLEGAL = (
    "TensorFlow's wheel needs a processor with AVX: use another machine, or give the "
    "virtual machine its host's processor flags"
)


class ProbeError(Exception):
    """The probe gave no result; `remedy` says what to do about it."""

    def __init__(self, message: str, remedy: str = _REMEDY) -> None:
        super().__init__(message)
        self.remedy = remedy


def run_probe(
    command: Sequence[str] = PROBE, *, timeout_s: float = 180
) -> dict[str, Any]:
    """Runs the probe in its own process and returns what it printed.

    Raises:
        ProbeError: It crashed, failed, took too long or printed something else.
    """
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            env=quiet,
            check=False,
        )
    except subprocess.TimeoutExpired as err:
        raise ProbeError(
            f"one step was not done after {timeout_s:g} s", "try when less else runs"
        ) from err
    except OSError as err:
        raise ProbeError(f"{command[0]} does not start: {err.strerror}") from err
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        remedy = _ILLEGAL if name == "SIGILL" else _REMEDY
        raise ProbeError(f"the process was ended by {name}", remedy)
    if done.returncode > 0:
        lines = done.stderr.strip().splitlines() or ["nothing was printed"]
        raise ProbeError(f"the process failed: {lines[-1]}")
    try:
        result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError) as err:
        raise ProbeError(f"no result in its output {done.stdout[-80:]!r}") from err
    return result


def check_devices(probe: dict[str, Any]) -> Check:
    """What TensorFlow can compute on; no GPU is no fault."""
    return Check("devices", "ok", ", ".join(probe["devices"]))


def check_step(probe: dict[str, Any]) -> Check:
    """The loss of the step is a number."""
    found = (
        f"TensorFlow {probe['tensorflow']}, Keras {probe['keras']}: "
        f"loss {probe['loss']:.3f}, import {probe['import_s']} s, "
        f"step {probe['step_s']} s"
    )
    if math.isfinite(probe["loss"]):
        return Check("training step", "ok", found)
    return Check("training step", "fail", found, _REMEDY)


def check_tensorflow(
    command: Sequence[str] = PROBE, *, timeout_s: float = 180
) -> list[Check]:
    """Returns the checks of devices and step, or the one failure of the probe."""
    try:
        probe = run_probe(command, timeout_s=timeout_s)
    except ProbeError as err:
        return [Check("training step", "fail", str(err), err.remedy)]
    return [check_devices(probe), check_step(probe)]
