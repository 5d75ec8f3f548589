"""Pushes in processes of their own that die, or whose disk is full, on the way.

Run as `python -m`; writes a JSON list to stdout. Forks, so it must not load TensorFlow.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

from components.model_pusher.local_destination import LocalDestination
from components.model_pusher.packaged_model import PackagedModel, read_packaged_model
from components.model_pusher.push import PushRequest, push_model
from components.model_pusher.version_record import RECORD_FILE
from tests.components.model_pusher.drawn_package import files_below

# What changes a disk, and what stands between two changes.
CALLS = {"open", "write", "fsync", "flush", "mkdir", "rename", "replace", "rmdir"}
CALLS |= {"unlink", "remove", "flock", "__exit__", "close"}
NOW = datetime.fromtimestamp(1_700_000_000, timezone.utc)


def push(model: PackagedModel, folder: Path) -> None:
    request = PushRequest(model_name="car", now=NOW, keep_versions=2)
    push_model(model, LocalDestination(folder), request)


def in_child(work: Callable[[], None]) -> int:
    """Returns the status of a process that did the work, or did not."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except OSError:
            traceback.print_exc()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die_while_pushing(model: PackagedModel, folder: Path, point: int) -> None:
    """Kills this process just before its `point`-th call that concerns the disk."""
    calls = 0

    def count(_frame: Any, event: str, called: Any) -> None:
        nonlocal calls
        if event == "c_call" and called.__name__ in CALLS:
            calls += 1
            if calls == point:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    push(model, folder)
    sys.setprofile(None)


def state_of(folder: Path, names: dict[str, str]) -> dict[str, Any]:
    """Returns what a server and a person find there, models by their names."""
    record = folder / RECORD_FILE
    return {
        "live": json.loads(record.read_bytes())["version"] if record.exists() else None,
        "versions": {
            str(version): names.get(digest(folder / str(version)), "half a model")
            for version in LocalDestination(folder).versions()
        },
        "aside": sorted(path.name for path in folder.glob(".staging-*")),
    }


def digest(folder: Path) -> str:
    """Returns one hash of all names and contents."""
    total = hashlib.sha256()
    for name, content in sorted(files_below(folder).items()):
        total.update(name.encode() + hashlib.sha256(content).digest())
    return total.hexdigest()


def kill_everywhere(packages: dict[str, Path], root: Path) -> list[dict[str, Any]]:
    """Kills the push of "new" at every call, and then pushes it again."""
    models = {name: read_packaged_model(path) for name, path in packages.items()}
    names = {digest(path): name for name, path in packages.items()}
    before, folder = root / "before", root / "killed"
    for name in ("oldest", "old"):
        push(models[name], before)
    results, point, status = [], 0, -signal.SIGKILL
    while status == -signal.SIGKILL:
        point += 1
        shutil.copytree(before, folder)
        status = in_child(partial(die_while_pushing, models["new"], folder, point))
        after = state_of(folder, names)
        push(models["new"], folder)
        again = state_of(folder, names)
        results.append({"status": status, "after": after, "again": again})
        shutil.rmtree(folder)
    return results


def fill_disk(packages: dict[str, Path], root: Path) -> list[dict[str, Any]]:
    """Pushes "new" where no file may grow beyond a size."""
    folder = root / "full"
    push(read_packaged_model(packages["old"]), folder)
    model = read_packaged_model(packages["new"])

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        push(model, folder)

    status = in_child(work)
    return [{"status": status, **state_of(folder, {digest(packages["old"]): "old"})}]


if __name__ == "__main__":
    work = {"kill": kill_everywhere, "full": fill_disk}[sys.argv[1]]
    drawn = {path.name: path for path in Path(sys.argv[2]).iterdir()}
    print(json.dumps(work(drawn, Path(sys.argv[3]))))
