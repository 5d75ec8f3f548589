"""`carseg report` on ML Metadata that is written as TFX writes it."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tfx_pipeline.cli.drawn_run import DrawnRun
from tfx_pipeline.cli.report import add_report_options, run
from tfx_pipeline.config.usage_error import UsageError


@pytest.fixture
def drawn(tmp_path: Path) -> DrawnRun:
    return DrawnRun(tmp_path / "runs" / "first")


def report(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    add_report_options(parser)
    return run(parser.parse_args([str(argument) for argument in arguments]))


def test_the_path_of_the_newest_report_is_printed(
    drawn: DrawnRun, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn.add_run(
        "2026-01", {"EvaluationReport": {"report": drawn.write_report("old")}}
    )
    drawn.add_run(
        "2026-02", {"EvaluationReport": {"report": drawn.write_report("new")}}
    )

    assert report(drawn.root) == 0

    said = capsys.readouterr()
    assert said.out == f"{drawn.root}/new/report.html\n"
    assert said.err == ""


def test_a_run_from_the_cache_has_the_older_report(
    drawn: DrawnRun, capsys: pytest.CaptureFixture[str]
) -> None:
    first = drawn.write_report("first")
    drawn.add_run("2026-01", {"EvaluationReport": {"report": first}})
    drawn.add_run(
        "2026-02", {"EvaluationReport": {"report": drawn.write_report("second")}}
    )
    drawn.add_run("2026-03", {"EvaluationReport": {"report": first}})

    report(drawn.root)

    assert capsys.readouterr().out == f"{drawn.root}/first/report.html\n"


def test_a_newer_run_without_a_report_is_said(
    drawn: DrawnRun, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn.add_run(
        "2026-01", {"EvaluationReport": {"report": drawn.write_report("old")}}
    )
    verdict = drawn.artifact("GateVerdict", "nowhere")
    drawn.add_run("2026-02", {"ModelGate": {"verdict": verdict}})

    assert report(drawn.root) == 0

    said = capsys.readouterr()
    assert said.out == f"{drawn.root}/old/report.html\n"
    assert said.err.count("\n") == 1
    assert "this one is of 2026-01" in said.err


def test_json_is_one_object_with_a_report_per_model(
    drawn: DrawnRun, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = {
        "EvaluationReport": {"report": drawn.write_report("a", miou=None)},
        "EvaluationReport_deeplab": {"report": drawn.write_report("b")},
    }
    drawn.add_run("2026-01", outputs)

    report(drawn.root, "--json")

    summary = json.loads(capsys.readouterr().out)
    first, second = summary.pop("reports")
    assert summary == {"run": "2026-01"} | first
    assert first == {
        "node": "EvaluationReport",
        "report": str(drawn.root / "a" / "report.html"),
        "metrics": str(drawn.root / "a" / "metrics.json"),
        "blessed": True,
        "miou": None,
        "foreground_miou": 0.25,
    }
    assert (second["node"], second["miou"]) == ("EvaluationReport_deeplab", 0.5)


def test_without_a_run_the_newest_below_the_usual_folder_is_taken(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for age, name in enumerate(("newest", "older")):
        drawn = DrawnRun(tmp_path / "carseg_runs" / name)
        outputs = {"EvaluationReport": {"report": drawn.write_report(name)}}
        drawn.add_run("2026-01", outputs)
        os.utime(drawn.root / "metadata.sqlite", (1e9 - age, 1e9 - age))

    assert report() == 0

    assert capsys.readouterr().out == (
        f"{tmp_path}/carseg_runs/newest/newest/report.html\n"
    )


def test_a_folder_that_is_no_run_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="RUN must be the root folder of a run, got"):
        report(tmp_path)


def test_a_run_without_a_report_says_why_that_may_be(drawn: DrawnRun) -> None:
    drawn.add_run("2026-01", {"ModelGate": {}})

    with pytest.raises(ValueError, match=r"wrote a report: .* run\.until"):
        report(drawn.root)


def test_files_that_are_gone_are_named(drawn: DrawnRun) -> None:
    drawn.add_run("2026-01", {"EvaluationReport": {"report": drawn.write_report("a")}})
    (drawn.root / "a" / "report.html").unlink()

    with pytest.raises(ValueError, match=r"a/report\.html .* the file is gone; run"):
        report(drawn.root)


def open_with(browser: str, root: Path) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys, argparse\n"
        "from tfx_pipeline.cli.report import add_report_options, run\n"
        "parser = argparse.ArgumentParser()\n"
        "add_report_options(parser)\n"
        "sys.exit(run(parser.parse_args(sys.argv[1:])))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code, str(root), "--open"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"BROWSER": browser, "PATH": ""},
    )


def test_open_hands_the_file_to_the_browser(drawn: DrawnRun, tmp_path: Path) -> None:
    drawn.add_run(
        "2026-01", {"EvaluationReport": {"report": drawn.write_report("내 차")}}
    )
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\necho "$1" > "$0.opened"\n', "utf-8")
    browser.chmod(0o755)

    done = open_with(f"{browser} %s", drawn.root)

    assert done.returncode == 0, done.stderr
    opened = (tmp_path / "browser.opened").read_text("utf-8").strip()
    assert opened == (drawn.root / "내 차" / "report.html").as_uri()


def test_without_a_browser_the_path_is_printed_all_the_same(drawn: DrawnRun) -> None:
    drawn.add_run("2026-01", {"EvaluationReport": {"report": drawn.write_report("a")}})

    done = open_with("/nowhere/browser %s", drawn.root)

    assert done.returncode == 0
    assert done.stdout == f"{drawn.root}/a/report.html\n"
    assert "open the file by hand" in done.stderr
