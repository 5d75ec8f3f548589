from __future__ import annotations

import shutil
from datetime import datetime, timezone
from pathlib import Path

from components.model_pusher.destination_fingerprint import destination_fingerprint
from components.model_pusher.local_destination import LocalDestination
from components.model_pusher.push import PushRequest, push_model
from tests.components.model_pusher.drawn_package import draw_package


def push(served: Path, seed: int, *, now: int = 50, keep_versions: int = 0) -> int:
    package = served.parent / f"package-{seed}"
    shutil.rmtree(package, ignore_errors=True)
    request = PushRequest(
        model_name="car",
        now=datetime.fromtimestamp(now, timezone.utc),
        keep_versions=keep_versions,
    )
    model = draw_package(package, seed)
    return push_model(model, LocalDestination(served), request).version


def test_the_fingerprint_changes_when_a_pushed_version_is_lost_and_only_then(
    tmp_path: Path,
) -> None:
    served = tmp_path / "car"
    destination = LocalDestination(served)
    assert destination_fingerprint(destination, []) == "intact"
    assert (push(served, 1), push(served, 2)) == (50, 51)
    assert destination_fingerprint(destination, [50, 51, 50]) == "intact"

    shutil.rmtree(served / "50")
    assert destination_fingerprint(destination, [50, 51]) == "lost 50"
    shutil.rmtree(served)
    assert destination_fingerprint(destination, [51, 50]) == "lost 50, 51"
    assert push(served, 2, now=60) == 60
    assert destination_fingerprint(destination, [50, 51, 60]) == "lost 50, 51"


def test_a_version_that_the_pusher_took_away_is_not_missed(tmp_path: Path) -> None:
    served = tmp_path / "car"
    pushed = [push(served, seed, keep_versions=1) for seed in range(3)]
    assert [path.name for path in served.glob("[0-9]*")] == [str(pushed[-1])]
    assert destination_fingerprint(LocalDestination(served), pushed) == "intact"


def test_a_version_that_was_exchanged_is_lost(tmp_path: Path) -> None:
    served = tmp_path / "car"
    version = push(served, 1)
    shutil.rmtree(served / str(version))
    draw_package(served / str(version), 2)
    assert destination_fingerprint(LocalDestination(served), [version]) == (
        f"lost {version}"
    )
