"""`carseg run` up to the audit: caches, faults and refusals on a real pipeline."""

from __future__ import annotations

import io
import json
import os
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from tests.tfds_builders.folder_masks.drawn_folder import draw_folder, draw_pair
from tfx_pipeline.cli.main import main

NODES = (
    "RecordSchema",
    "TfdsExampleGen",
    "StatisticsGen",
    "ExampleValidator",
    "DatasetAuditor",
)
PHOTOS = [f"car_{index}" for index in range(12)]

pytestmark = pytest.mark.e2e


Run = tuple[int, dict[str, Any], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return draw_folder(tmp_path / "내 사진", PHOTOS)


@pytest.fixture(scope="module")
def run_twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run, Run]:
    """A folder that was run twice, and both runs."""
    folder = draw_folder(tmp_path_factory.mktemp("twice") / "내 사진", PHOTOS)
    return folder, run_folder(folder), run_folder(folder)


def run(root: Path, *arguments: str) -> Run:
    """Returns exit code, the JSON object of stdout, and stderr."""
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main(
            ["run", "--json", f"--root={root}", "--set=run.until=audit", *arguments]
        )
    said = out.getvalue()
    return code, json.loads(said) if said else {}, errors.getvalue()


def run_folder(folder: Path, *arguments: str) -> Run:
    return run(
        folder.parent / "runs",
        "--preset=production",
        f"--manual-dir={folder}",
        "--set=data.task=objects",
        "--set=data.verify_bytes=false",
        "--set=beam.running_mode=in_memory",
        "--set=beam.workers=1",
        *arguments,
    )


def states(summary: dict[str, Any]) -> dict[str, str]:
    return {stage["node"]: stage["state"] for stage in summary["stages"]}


def test_a_second_run_takes_every_node_from_the_cache(
    run_twice: tuple[Path, Run, Run],
) -> None:
    _, (code, first, log), (second_code, second, _) = run_twice

    assert (code, second_code) == (0, 0)
    assert states(first) == dict.fromkeys(NODES, "DONE")
    assert states(second) == dict.fromkeys(NODES, "CACHED")
    assert sum(split["examples"] for split in first["data"]["splits"].values()) == 12
    assert first["blessed"] and first["data"]["reasons"] == []
    assert Path(first["audit"]).read_text("utf-8").startswith("<!doctype html>")
    for node in NODES:
        assert f"{node} finished after" in log


def test_touching_a_source_file_runs_everything_again(
    run_twice: tuple[Path, Run, Run],
) -> None:
    folder, *_ = run_twice
    os.utime(folder / "images" / "car_3.jpg")

    _, summary, _ = run_folder(folder)

    assert states(summary) == dict.fromkeys(NODES, "DONE") | {"RecordSchema": "CACHED"}


def test_a_corrupt_photo_is_named_and_the_run_goes_on_within_tolerance(
    folder: Path,
) -> None:
    corrupt = folder / "images" / "car_5.jpg"
    corrupt.write_bytes(corrupt.read_bytes()[:200])

    code, summary, _ = run_folder(
        folder,
        "--set=data.max_skipped_share=0.1",
        "--set=audit.max_skipped_share=0.1",
    )

    assert code == 0
    assert sum(split["examples"] for split in summary["data"]["splits"].values()) == 11
    audit = json.loads(Path(summary["audit"]).with_suffix(".json").read_text("utf-8"))
    (skipped,) = audit["skipped"]["skipped"]
    assert "car_5" in skipped["source"]
    assert "cannot decode" in skipped["reason"]


def test_too_many_corrupt_photos_stop_the_run_before_anything_later(
    folder: Path,
) -> None:
    (folder / "images" / "car_5.jpg").write_bytes(b"no photo")

    code, summary, errors = run_folder(folder)

    assert code == 3
    assert summary == {}
    last = errors.strip().splitlines()[-1]
    assert last.startswith("carseg: at most 1.00% of the sources may be unreadable")
    assert "car_5.jpg" in last
    assert "StatisticsGen" not in errors


def test_a_leak_between_splits_is_refused_with_its_reason(
    tmp_path: Path,
) -> None:
    folder = draw_folder(tmp_path / "photos", [])
    for index, split in enumerate(("train", "train", "eval", "test")):
        draw_pair(folder / split, f"car_{index}", seed=index)
    shutil.rmtree(folder / "images", ignore_errors=True)
    shutil.copy(
        folder / "train" / "images" / "car_0.jpg",
        folder / "test" / "images" / "other.jpg",
    )
    shutil.copy(
        folder / "train" / "masks" / "car_0.png",
        folder / "test" / "masks" / "other.png",
    )

    code, summary, _ = run_folder(folder)

    assert code == 3
    assert not summary["blessed"]
    assert any("exact" in reason for reason in summary["data"]["reasons"])


def test_a_users_own_builder_runs_by_its_dotted_path(
    tmp_path: Path,
) -> None:
    code, summary, _ = run(
        tmp_path / "runs",
        "--set=data.builder=tests.drawn_squares.Builder",
        "--set=data.task=square",
        "--set=data.options={}",
    )

    assert code == 0
    assert summary["data"]["splits"]["train"]["examples"] == 17
