"""Runs are found by their root folder, the newest one without any."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.tfx_pipeline.cli.drawn_run import DrawnRun
from tfx_pipeline.cli.run_lookup import (
    executions_of,
    newest_first,
    newest_run,
    open_run,
    run_root,
)
from tfx_pipeline.config.usage_error import UsageError


def test_without_a_run_the_newest_below_the_usual_folder_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for age, name in enumerate(("newest", "older", "oldest")):
        drawn = DrawnRun(tmp_path / "carseg_runs" / name)
        os.utime(drawn.root / "metadata.sqlite", (1e9 - age, 1e9 - age))
    (tmp_path / "carseg_runs" / "no run").mkdir()

    assert run_root(None) == Path("carseg_runs/newest")
    assert run_root("carseg_runs/oldest") == Path("carseg_runs/oldest")
    assert run_root("~/mine") == Path.home() / "mine"


def test_a_folder_that_is_a_run_itself_counts_too(tmp_path: Path) -> None:
    drawn = DrawnRun(tmp_path / "carseg_runs")

    assert newest_run(tmp_path / "carseg_runs") == drawn.root


def test_no_run_anywhere_tells_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ValueError, match=r"no run in carseg_runs; .* carseg demo"):
        run_root(None)


def test_a_folder_that_is_no_run_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="RUN must be the root folder of a run, got"):
        open_run(tmp_path)


def test_runs_come_newest_first_and_their_executions_in_order(tmp_path: Path) -> None:
    drawn = DrawnRun(tmp_path / "root")
    drawn.add_run("2026-01", {"A": {}})
    drawn.add_run("2026-02", {"A": {}, "B": {}})

    store = open_run(drawn.root)
    runs = newest_first(store)

    assert [run.name for run in runs] == ["2026-02", "2026-01"]
    ids = [execution.id for execution in executions_of(store, runs[0])]
    assert ids == sorted(ids) and len(ids) == 2
