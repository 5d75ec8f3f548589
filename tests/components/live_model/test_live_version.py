"""Which version counts as live, whatever became of the destination."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from components.live_model.live_version import (
    NOTHING_LIVE,
    find_live_version,
    live_fingerprint,
)
from components.model_pusher.open_destination import open_destination
from components.model_pusher.packaged_model import MANIFEST_FILE
from components.model_pusher.push import Destination, PushRequest, push_model
from components.model_pusher.version_record import RECORD_FILE
from tests.components.model_pusher.drawn_package import draw_package

pytestmark = pytest.mark.integration

START = datetime(2026, 11, 1, tzinfo=timezone.utc)


@pytest.fixture
def destination(tmp_path: Path) -> Destination:
    return open_destination(str(tmp_path / "served"), "car")


def push(folder: Path, destination: Destination, seed: int) -> str:
    """Pushes the model of a seed; returns its hash."""
    package = draw_package(folder / f"package_{seed}", seed)
    request = PushRequest(model_name="car", now=START + timedelta(days=seed))
    push_model(package, destination, request)
    return package.model_sha256


def newest(destination: Destination) -> Path:
    return Path(destination.place, str(destination.versions()[-1]))


def test_without_a_destination_nothing_is_live(destination: Destination) -> None:
    assert find_live_version(destination) is None
    assert live_fingerprint(destination) == NOTHING_LIVE


def test_the_newest_push_is_live(tmp_path: Path, destination: Destination) -> None:
    push(tmp_path, destination, 1)
    second = push(tmp_path, destination, 2)

    live = find_live_version(destination)

    assert live is not None
    assert (live.version, live.model_sha256, live.is_whole) == (
        destination.versions()[-1],
        second,
        True,
    )
    assert live_fingerprint(destination) == second


def test_after_the_newest_folder_was_removed_the_one_before_is_live(
    tmp_path: Path, destination: Destination
) -> None:
    first = push(tmp_path, destination, 1)
    push(tmp_path, destination, 2)

    shutil.rmtree(newest(destination))

    assert live_fingerprint(destination) == first


def test_a_version_that_the_pusher_did_not_make_is_passed_over(
    tmp_path: Path, destination: Destination
) -> None:
    ours = push(tmp_path, destination, 1)
    foreign = Path(destination.place, "99999999999")
    foreign.mkdir()
    push(tmp_path, destination, 1)  # sets the record right: the foreign one is newer

    record = json.loads(Path(destination.place, RECORD_FILE).read_text())
    assert (record["version"], record["model_sha256"]) == (99999999999, "")
    assert live_fingerprint(destination) == ours
    shutil.rmtree(foreign)
    shutil.rmtree(newest(destination))
    assert live_fingerprint(destination) == NOTHING_LIVE


@pytest.mark.parametrize("name", ["saved_model.pb", MANIFEST_FILE])
def test_a_damaged_version_has_another_fingerprint(
    tmp_path: Path, destination: Destination, name: str
) -> None:
    pushed = push(tmp_path, destination, 1)
    (newest(destination) / name).write_bytes(b"cut off")

    live = find_live_version(destination)

    assert live is not None and not live.is_whole
    assert live_fingerprint(destination) == f"damaged {pushed}"


def test_a_record_that_is_not_ours_is_refused(
    tmp_path: Path, destination: Destination
) -> None:
    push(tmp_path, destination, 1)
    Path(destination.place, RECORD_FILE).write_text("{}")

    with pytest.raises(ValueError, match=r"^BLESSED\.json must be as the pusher wrote"):
        live_fingerprint(destination)
