"""A push that is killed, or whose disk is full, leaves the versions as they were."""

from __future__ import annotations

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
from tests.components.model_pusher.drawn_package import draw_package


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
