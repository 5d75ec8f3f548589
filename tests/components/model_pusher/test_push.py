from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from components.model_pusher.local_destination import LocalDestination
from components.model_pusher.packaged_model import (
    MANIFEST_FILE,
    PackagedModel,
    read_packaged_model,
)
from components.model_pusher.push import Pushed, PushRequest, next_version, push_model
from tests.components.model_pusher.drawn_package import draw_package, files_below

NOW = datetime(2024, 5, 1, 12, 30, 0, tzinfo=timezone.utc)
FIRST = 1_714_566_600  # NOW in seconds
EVIDENCE = {
    "verdict": {"artifact_id": 7, "sha256": "ab", "summary": "BLESSED: the car model"},
    "validation": None,
}


@pytest.fixture
def served(tmp_path: Path) -> Path:
    return tmp_path / "served" / "car"


@pytest.fixture
def models(tmp_path: Path) -> list[PackagedModel]:
    return [draw_package(tmp_path / f"packages/{seed}", seed) for seed in range(3)]


def push(model: PackagedModel, served: Path, **options: Any) -> Pushed:
    values = {"model_name": "car", "now": NOW, "evidence": EVIDENCE} | options
    return push_model(model, LocalDestination(served), PushRequest(**values))


def record_of(served: Path) -> dict[str, Any]:
    return json.loads((served / "BLESSED.json").read_text("utf-8"))


def folders(served: Path) -> list[str]:
    return sorted(path.name for path in served.iterdir() if path.is_dir())


def test_a_pushed_model_is_the_packaged_one_and_the_record_says_why(
    served: Path, models: list[PackagedModel]
) -> None:
    pushed = push(models[0], served)

    assert pushed == Pushed(version=FIRST, live_version=FIRST, is_new=True)
    assert pushed.to_text() == f"pushed as version {FIRST}"
    assert files_below(served / str(FIRST)) == files_below(models[0].folder)
    assert record_of(served) == {
        "model_name": "car",
        "version": FIRST,
        "since": "2024-05-01T12:30:00Z",
        "model_sha256": models[0].model_sha256,
        **EVIDENCE,
        "history": [],
    }
    assert folders(served) == [str(FIRST)]


def test_the_next_model_is_a_higher_version_and_the_last_one_becomes_history(
    served: Path, models: list[PackagedModel]
) -> None:
    push(models[0], served)
    earlier = NOW - timedelta(hours=3)  # a clock that went back
    pushed = push(models[1], served, now=earlier, evidence={"verdict": None})

    assert pushed.version == pushed.live_version == FIRST + 1
    record = record_of(served)
    assert (record["version"], record["verdict"]) == (FIRST + 1, None)
    assert record["since"] == "2024-05-01T09:30:00Z"
    assert [(old["version"], old["removed"]) for old in record["history"]] == [
        (FIRST, False)
    ]
    assert record["history"][0]["verdict"] == EVIDENCE["verdict"]


def test_a_version_number_never_comes_back(
    served: Path, models: list[PackagedModel]
) -> None:
    assert next_version(NOW, []) == FIRST
    assert next_version(NOW, [3, FIRST + 41]) == FIRST + 42
    push(models[0], served)
    push(models[1], served)
    shutil.rmtree(served / str(FIRST + 1))

    assert push(models[2], served).version == FIRST + 2


def test_the_same_model_is_not_pushed_twice(
    served: Path, models: list[PackagedModel]
) -> None:
    push(models[0], served)
    before = files_below(served)

    again = push(models[0], served, now=NOW + timedelta(days=1))

    assert again == Pushed(version=FIRST, live_version=FIRST, is_new=False)
    assert again.to_text() == (
        f"nothing to push: version {FIRST} is this model, and live"
    )
    assert files_below(served) == before


def test_a_model_that_is_only_described_anew_is_the_same(
    served: Path, models: list[PackagedModel], tmp_path: Path
) -> None:
    push(models[0], served)
    judged_again = draw_package(tmp_path / "again", 0, card=b'{"verdict": "better"}')

    assert push(judged_again, served).is_new is False


def test_an_older_version_that_is_the_model_stays_behind_the_live_one(
    served: Path, models: list[PackagedModel]
) -> None:
    push(models[0], served)
    push(models[1], served)
    before = files_below(served)

    again = push(models[0], served, keep_versions=1)

    assert (again.version, again.live_version) == (FIRST, FIRST + 1)
    assert again.to_text().endswith(
        f"newer and live is {FIRST + 1}, remove its folder to go back"
    )
    assert files_below(served) == before

    shutil.rmtree(served / str(FIRST + 1))
    again = push(models[0], served, now=NOW + timedelta(days=1))
    assert again == Pushed(version=FIRST, live_version=FIRST, is_new=False)
    record = record_of(served)
    assert (record["version"], record["since"]) == (FIRST, "2024-05-02T12:30:00Z")
    assert [old["version"] for old in record["history"]] == [FIRST + 1]


@pytest.mark.parametrize("damage", ["file gone", "file cut", "manifest gone"])
def test_a_damaged_version_is_not_the_model(
    served: Path, models: list[PackagedModel], damage: str
) -> None:
    push(models[0], served)
    variables = served / str(FIRST) / "variables/variables.index"
    if damage == "file gone":
        variables.unlink()
    elif damage == "file cut":
        variables.write_bytes(b"")
    else:
        (served / str(FIRST) / MANIFEST_FILE).unlink()

    pushed = push(models[0], served)

    assert (pushed.version, pushed.is_new) == (FIRST + 1, True)
    assert files_below(served / str(FIRST + 1)) == files_below(models[0].folder)


def test_the_newest_versions_are_kept_and_foreign_ones_are_left_alone(
    served: Path, models: list[PackagedModel]
) -> None:
    (served / "12").mkdir(parents=True)
    (served / "notes").mkdir()
    for model in models[:2]:
        push(model, served)

    pushed = push(models[2], served, keep_versions=2)

    assert pushed.removed == (FIRST,)
    assert folders(served) == ["12", str(FIRST + 1), str(FIRST + 2), "notes"]
    history = record_of(served)["history"]
    assert [(old["version"], old["removed"]) for old in history] == [
        (FIRST + 1, False),
        (FIRST, True),
    ]


def test_what_a_killed_push_left_goes_with_the_next_one(
    served: Path, models: list[PackagedModel]
) -> None:
    (served / ".staging-17/variables").mkdir(parents=True)
    (served / ".staging-17/variables/half").write_bytes(b"half")
    (served / ".staging-BLESSED.json").write_bytes(b"{")

    push(models[0], served)

    assert sorted(path.name for path in served.iterdir()) == [
        ".push.lock",
        str(FIRST),
        "BLESSED.json",
    ]


def test_a_file_that_changed_after_packaging_stops_the_push(
    served: Path, models: list[PackagedModel]
) -> None:
    path = models[0].folder / "saved_model.pb"
    path.write_bytes(path.read_bytes()[::-1])

    with pytest.raises(ValueError, match=r"saved_model\.pb has the sha256 \w+, stated"):
        push(models[0], served)
    assert [path.name for path in served.iterdir()] == [".push.lock"]


def test_files_beside_the_manifest_are_refused(models: list[PackagedModel]) -> None:
    (models[0].folder / "notes.txt").write_text("?")
    (models[0].folder / "assets/taxonomy.json").unlink()
    with pytest.raises(ValueError, match=r"with assets/taxonomy\.json, notes\.txt;"):
        read_packaged_model(models[0].folder)
    shutil.rmtree(models[1].folder / "assets.extra")
    with pytest.raises(ValueError, match=r"must be packaged before it is pushed"):
        read_packaged_model(models[1].folder)


def test_a_destination_that_is_no_folder_is_named(
    tmp_path: Path, models: list[PackagedModel]
) -> None:
    (tmp_path / "served").write_text("in the way")
    with pytest.raises(OSError, match=r"push\.directory must .*served/car is not \("):
        push(models[0], tmp_path / "served" / "car")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"version": 3}'])
def test_a_record_that_is_not_ours_is_not_overwritten(
    served: Path, models: list[PackagedModel], content: bytes
) -> None:
    served.mkdir(parents=True)
    (served / "BLESSED.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"BLESSED\.json must be as the pusher wrote"):
        push(models[0], served)
    assert (served / "BLESSED.json").read_bytes() == content
    assert folders(served) == []
