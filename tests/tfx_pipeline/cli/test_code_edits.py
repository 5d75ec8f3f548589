"""Editing one line of a node's source reruns that node and what follows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.tfx_pipeline.cli.forked_runs import ForkedRuns, forked_runs

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.e2e


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the sources that a test may edit."""
    for package in ("tfx_pipeline", "components", "tfds_builders", "serving", "tests"):
        shutil.copytree(
            ROOT / package,
            tmp_path / "copy" / package,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    return tmp_path / "copy"


def run(runs: ForkedRuns) -> dict[str, str]:
    """Runs the pipeline from the copy's sources; returns the state of each node."""
    arguments = [
        "run",
        "--json",
        "--root=runs",
        "--set=data.builder=tests.drawn_squares.Builder",
        "--set=data.task=square",
        "--set=data.options={}",
        "--set=run.until=train",
        "--set=prepare.height_px=32",
        "--set=prepare.width_px=32",
        "--set=prepare.augment.copies=1",
        "--set=model.depth=2",
        "--set=model.base_width=4",
        "--set=training.epochs=1",
    ]
    stages = json.loads(runs.carseg(*arguments))["stages"]
    return {stage["node"]: stage["state"] for stage in stages}


def edit(checkout: Path, file: str) -> None:
    path = checkout / file
    path.write_text(path.read_text("utf-8") + "\n# one more line\n", "utf-8")


def test_only_the_edited_node_and_what_follows_run_again(checkout: Path) -> None:
    with forked_runs(checkout) as runs:
        first = run(runs)
        again = run(runs)
        edit(checkout, "tfx_pipeline/data/augment/affine.py")
        after_augment = run(runs)
        edit(checkout, "components/dataset_auditor/verdict.py")
        after_auditor = run(runs)
        edit(checkout, "tests/drawn_squares.py")
        after_builder = run(runs)

    assert set(first.values()) == {"DONE"}
    assert set(again.values()) == {"CACHED"}
    assert rerun(after_augment) == {"Transform", "Trainer"}
    # What follows hangs on the audit's blessing, so it follows the audit.
    assert rerun(after_auditor) == {"DatasetAuditor", "Transform", "Trainer"}
    assert rerun(after_builder) == set(first) - {"RecordSchema"}


def rerun(states: dict[str, str]) -> set[str]:
    return {node for node, state in states.items() if state == "DONE"}
