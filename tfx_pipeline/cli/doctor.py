"""`carseg doctor`: what is wrong with this machine or installation, how to mend it.

Needs the standard library only: `python -m tfx_pipeline.cli.doctor` also answers
where packages are missing and `carseg` does not start.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from tfx_pipeline.cli.doctor_check import Check, is_healthy, to_json, to_table
from tfx_pipeline.cli.doctor_lock import check_versions
from tfx_pipeline.cli.doctor_machine import (
    check_compiler,
    check_cores,
    check_disk,
    check_memory,
    check_python,
    check_temp_folder,
)
from tfx_pipeline.cli.doctor_tensorflow import check_tensorflow
from tfx_pipeline.cli.exit_codes import DONE, FAILED


def examine() -> Iterator[Check]:
    """Yields every check, the quick ones first."""
    yield check_python()
    yield check_compiler()
    yield check_memory()
    yield check_disk(Path.cwd())
    yield check_cores()
    yield check_temp_folder()
    yield check_versions()
    print("doctor: one training step of TensorFlow ...", file=sys.stderr)
    yield from check_tensorflow()


def run_doctor(*, as_json: bool) -> int:
    """Prints what every check found; returns 1 when something is broken."""
    checks = list(examine())
    print(to_json(checks) if as_json else to_table(checks))
    return DONE if is_healthy(checks) else FAILED


def run(args: argparse.Namespace) -> int:
    """The verb: reads `args.json`."""
    return run_doctor(as_json=args.json)


if __name__ == "__main__":
    sys.exit(run_doctor(as_json="--json" in sys.argv[1:]))
