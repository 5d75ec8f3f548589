"""`carseg run`: the pipeline on this machine, with a table of its stages."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfx_pipeline.cli.exit_codes import DONE, REFUSED
from tfx_pipeline.cli.options import config_of_run
from tfx_pipeline.cli.table import table
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.runners.workspace import Workspace

if TYPE_CHECKING:  # its module loads TFX
    from tfx_pipeline.runners.local_runner import RunResult


def run(args: argparse.Namespace) -> int:
    """Runs the configured pipeline; exit 3 when the audit refuses the data."""
    return run_and_report(config_of_run(args), as_json=args.json)


def run_and_report(
    config: PipelineConfig, *, as_json: bool, preview: Path | None = None
) -> int:
    """Runs the pipeline, prints what it did, returns the exit code.

    Args:
        config: The configuration.
        as_json: One JSON object instead of text.
        preview: PNG file for a contact sheet of the ingested photos; None for none.
    """
    workspace = Workspace.at(config.run.root)
    with workspace.locked():
        print("loading TFX ...", file=sys.stderr)
        # Imported here: it takes half a minute, and wrong usage answers before it.
        from tfx_pipeline.runners.local_runner import run_locally

        result = run_locally(config, workspace, _StageProgress())
        if preview:
            _draw_preview(result, config.data.task, preview)
    summary = {
        "run": result.record.run_id,
        "blessed": result.blessed,
        "reasons": result.audit["reasons"],
        "splits": result.audit["splits"],
        "stages": [
            {"node": stage.node, "state": stage.state, "seconds": stage.seconds}
            for stage in result.record.stages
        ],
        "audit": str(result.audit_folder / "audit.html"),
        "log": str(result.log_file),
        **({"preview": str(preview)} if preview else {}),
    }
    print(json.dumps(summary, indent=2) if as_json else _describe(summary))
    return DONE if result.blessed else REFUSED


def _draw_preview(result: RunResult, task: str, path: Path) -> None:
    # Imported here: it loads TensorFlow.
    from tfx_pipeline.data.contact_sheet import write_contact_sheet

    write_contact_sheet(
        result.shards("train"), task=task, taxonomy=result.taxonomy, count=12, path=path
    )


def _describe(summary: dict[str, Any]) -> str:
    stages = table(
        ["stage", "state", "seconds"],
        [list(stage.values()) for stage in summary["stages"]],
    )
    splits = table(
        ["split", "examples", "groups"],
        [
            [name, split["examples"], split["groups"]]
            for name, split in summary["splits"].items()
        ],
    )
    verdict = "data blessed" if summary["blessed"] else "data REFUSED"
    reasons = "".join(f"\n  - {reason}" for reason in summary["reasons"])
    paths = "\n".join(
        f"{name + ':':<9}{summary[name]}"
        for name in ("audit", "preview", "log")
        if name in summary
    )
    return f"{stages}\n\n{splits}\n\n{verdict}{reasons}\n{paths}"


class _StageProgress:
    """Says on stderr which node runs, and how long it took."""

    def __init__(self) -> None:
        self._started = 0.0

    def __call__(self, node: str, event: str) -> None:
        if event == "running":
            self._started = time.monotonic()
            print(f"{node} ...", file=sys.stderr, flush=True)
        else:
            took = time.monotonic() - self._started
            print(f"{node} finished after {took:.1f} s", file=sys.stderr, flush=True)
