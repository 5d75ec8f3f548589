"""`carseg run` stopped at every node, and run again each time, ends as if it never was.

Between the stops it is the same command in the same folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tfx_pipeline.cli.stopped_runs import (
    EndedRun,
    Stop,
    StoppedRuns,
    stopped_runs,
)

pytestmark = pytest.mark.e2e

INTERRUPTED = "carseg: interrupted; run the same command to go on"
# TensorFlow numbers the functions of a graph through the whole process: a Trainer that
# did not run after Transform, since that was cached, writes other names.
NUMBERED = {"saved_model.pb", "fingerprint.pb", "assets.extra/manifest.json"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoppedRuns]:
    with stopped_runs(tmp_path_factory.mktemp("stopped")) as started:
        yield started


@pytest.fixture(scope="module")
def unbroken(runs: StoppedRuns) -> EndedRun:
    """The same command in a folder of its own, which nothing stops."""
    ended = runs.run(runs.folder / "unbroken")
    assert ended.code == 0, ended.errors
    return ended


def test_killed_at_every_node_a_run_ends_as_an_unbroken_one(
    runs: StoppedRuns, unbroken: EndedRun
) -> None:
    root = runs.folder / "killed"

    stopped = stop_at_every_node(runs, unbroken, root, signal.SIGKILL)

    assert [run.code for run in stopped] == [-signal.SIGKILL] * len(unbroken.nodes)
    check_end(runs.run(root), unbroken, root)
    assert left_processes(runs.temporary) == []


def test_interrupted_at_every_node_a_run_says_one_line_and_ends_as_an_unbroken_one(
    runs: StoppedRuns, unbroken: EndedRun
) -> None:
    root = runs.folder / "interrupted"

    stopped = stop_at_every_node(runs, unbroken, root, signal.SIGINT)

    assert [run.code for run in stopped] == [1] * len(unbroken.nodes)
    for run in stopped:
        assert run.said == [INTERRUPTED]
        assert run.summary == {}
    check_end(runs.run(root), unbroken, root)
    assert left_processes(runs.temporary) == []
    assert list(runs.temporary.glob("carseg-serving-*/*")) == []


def test_a_process_that_is_left_would_be_found(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "input()", str(tmp_path / "model")]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert left_processes(tmp_path, wait_s=0) == [process.pid]
        process.kill()
    assert left_processes(tmp_path) == []


def stop_at_every_node(
    runs: StoppedRuns, unbroken: EndedRun, root: Path, signal_number: int
) -> list[EndedRun]:
    """Stops the first run in the first node, the next one in the second, and so on."""
    draw = random.Random(signal_number)
    stopped = []
    for index, node in enumerate(unbroken.nodes):
        # Right at the line a node has not begun; a second later short ones have ended.
        after_s = draw.uniform(0, min(1.0, unbroken.took_s(node) / 2))
        stop = Stop(signal=signal_number, node=index, after_s=after_s)
        stopped.append(runs.run(root, stop))
        assert stopped[-1].nodes[: index + 1] == unbroken.nodes[: index + 1]
    return stopped


def check_end(ended: EndedRun, unbroken: EndedRun, root: Path) -> None:
    assert ended.code == 0, ended.errors
    (model,), (expected,) = ended.summary["models"], unbroken.summary["models"]
    assert model["blessed"] is True
    assert model["figures"]["miou"] == expected["figures"]["miou"]
    assert model["figures"] == expected["figures"]
    assert read(model["verdict"]) == read(expected["verdict"])
    pushed = Path(model["pushed_model"])
    found, wanted = hashes(pushed), hashes(Path(expected["pushed_model"]))
    assert found.keys() == wanted.keys()
    assert {name for name in found if found[name] != wanted[name]} <= NUMBERED
    stated = json.loads(read(pushed / "assets.extra/manifest.json"))["files"]
    assert {name: entry["sha256"] for name, entry in stated.items()} == {
        name: found[name] for name in found if name != "assets.extra/manifest.json"
    }
    assert sorted(path.name for path in pushed.parent.iterdir()) == sorted(
        [".push.lock", pushed.name, "BLESSED.json"]
    )
    assert pushed.parents[1] == root / "served"


def read(path: str | Path) -> str:
    return Path(path).read_text("utf-8")


def hashes(model: Path) -> dict[str, str]:
    return {
        path.relative_to(model).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in model.rglob("*")
        if path.is_file()
    }


def left_processes(folder: Path, wait_s: float = 10.0) -> list[int]:
    """Returns the processes whose command names the folder, once they had time to end.

    A server ends by itself a moment after the run that started it was killed.
    """
    end = time.monotonic() + wait_s
    while (found := _processes_naming(folder)) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def _processes_naming(folder: Path) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:  # it ended while we looked
                continue
            if os.fsencode(f"{folder}{os.sep}") in command:
                found.append(int(entry.name))
    return found
