"""A push that is killed, or whose disk is full, leaves the versions as they were."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from components.model_pusher.local_destination import LocalDestination
from components.model_pusher.packaged_model import read_packaged_model
from components.model_pusher.push import PushRequest, push_model
from tests.components.model_pusher.drawn_package import (
    SIZES,
    draw_package,
    files_below,
)

# The files of the model, its card, then manifest and record.
WRITTEN = len(SIZES) + 3


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    for seed, name in enumerate(("oldest", "old", "new")):
        draw_package(tmp_path / "packages" / name, seed)
    return tmp_path / "packages"


def stop(how: str, packages: Path, root: Path) -> tuple[list[dict[str, Any]], str]:
    module = "tests.components.model_pusher.stopped_pushes"
    done = subprocess.run(
        [sys.executable, "-m", module, how, str(packages), str(root)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    return json.loads(done.stdout), done.stderr


@pytest.mark.integration
def test_killed_at_any_point_a_push_leaves_the_old_or_the_new_state(
    tmp_path: Path, packages: Path
) -> None:
    results, _ = stop("kill", packages, tmp_path / "served")

    first, second, third = (str(1_700_000_000 + index) for index in range(3))
    old = {first: "oldest", second: "old"}
    new = {second: "old", third: "new"}  # the two newest are kept
    *killed, finished = results
    assert len(killed) > 40
    assert {result["status"] for result in killed} == {-9}
    assert finished["status"] == 0
    assert finished["after"] == {"live": int(third), "versions": new, "aside": []}
    seen = []
    for result in killed:
        versions, live = result["after"]["versions"], result["after"]["live"]
        assert versions in (old, old | new, new)
        assert live in (int(second), int(third)) and str(live) in versions
        assert result["again"] == finished["after"]
        seen.append((len(versions), live, bool(result["after"]["aside"])))
    # The old state with half a copy aside, the new version before its record, and the
    # new state before the oldest version went: all were met.
    moments = {(2, int(second), True), (3, int(second), True), (3, int(third), False)}
    assert moments <= set(seen)


class InterruptedDestination(LocalDestination):
    def _stage_record(self, record: bytes) -> Path:
        super()._stage_record(record)
        raise KeyboardInterrupt


def test_ctrl_c_leaves_nothing(tmp_path: Path, packages: Path) -> None:
    model = read_packaged_model(packages / "new")
    now = datetime.now(timezone.utc)
    with pytest.raises(KeyboardInterrupt):
        push_model(
            model,
            InterruptedDestination(tmp_path / "served"),
            PushRequest(model_name="car", now=now),
        )
    assert [path.name for path in (tmp_path / "served").iterdir()] == [".push.lock"]


def fill_disk_at(patch: pytest.MonkeyPatch, nth: int) -> list[Path]:
    """Lets the n-th file that is written meet a full disk half-way.

    The kernel says so: what follows the first bytes goes to /dev/full.

    Returns:
        The files that were begun.
    """
    begun: list[Path] = []
    really_open = Path.open

    def open_file(path: Path, mode: str = "r", *args: Any, **options: Any) -> Any:
        stream = really_open(path, mode, *args, **options)
        if mode not in ("wb", "xb"):
            return stream
        begun.append(path)
        if len(begun) != nth:
            return stream
        with stream:
            stream.write(b"half a file")
        return really_open(Path("/dev/full"), "wb")

    patch.setattr(Path, "open", open_file)
    return begun


@pytest.mark.parametrize("nth", range(1, WRITTEN + 1))
def test_a_disk_that_fills_at_any_file_leaves_the_old_state(
    tmp_path: Path, packages: Path, nth: int
) -> None:
    served = tmp_path / "served"
    request = PushRequest(model_name="car", now=datetime.now(timezone.utc))
    push_model(read_packaged_model(packages / "old"), LocalDestination(served), request)
    before = files_below(served)
    new = read_packaged_model(packages / "new")

    with pytest.MonkeyPatch.context() as patch, pytest.raises(OSError) as error:
        begun = fill_disk_at(patch, nth)
        push_model(new, LocalDestination(served), request)

    assert len(begun) == nth
    assert isinstance(error.value.__cause__, OSError)
    assert error.value.__cause__.errno == errno.ENOSPC
    assert str(error.value) == (
        "push.directory must be a folder that can be written, with room for 1.3 MB;"
        f" {served} is not (No space left on device); free space there or choose"
        " another, no half version is left"
    )
    assert files_below(served) == before
    assert list(served.glob(".staging-*")) == []
    pushed = push_model(new, LocalDestination(served), request)  # there is room again
    assert pushed.is_new and (served / str(pushed.version)).is_dir()


def test_a_push_writes_no_more_files_than_the_disk_was_full_at(
    tmp_path: Path, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = read_packaged_model(packages / "new")
    begun = fill_disk_at(monkeypatch, WRITTEN + 1)

    push_model(
        new,
        LocalDestination(tmp_path / "served"),
        PushRequest(model_name="car", now=datetime.now(timezone.utc)),
    )

    assert len(begun) == WRITTEN


def test_a_full_disk_is_one_clear_line_and_leaves_nothing(
    tmp_path: Path, packages: Path
) -> None:
    (result,), errors = stop("full", packages, tmp_path / "served")

    assert result == {
        "status": 1,
        "live": 1_700_000_000,
        "versions": {"1700000000": "old"},
        "aside": [],
    }
    assert errors.strip().splitlines()[-1] == (
        "OSError: push.directory must be a folder that can be written, with room for"
        f" 1.3 MB; {tmp_path}/served/full is not (File too large); free space there or"
        " choose another, no half version is left"
    )
