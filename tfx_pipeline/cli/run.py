"""`carseg run`: the pipeline on this machine, with a table of its stages."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tfx_pipeline.cli.exit_codes import DONE, REFUSED
from tfx_pipeline.cli.options import config_of_run
from tfx_pipeline.cli.run_summary import describe, summarize
from tfx_pipeline.config.kernels import kernel_environment
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.runners.beam_engine import check_engine
from tfx_pipeline.runners.workspace import Workspace

if TYPE_CHECKING:  # its module loads TFX
    from tfx_pipeline.runners.run_result import RunResult


def run(args: argparse.Namespace) -> int:
    """Runs the configured pipeline; exit 3 when data or model is refused."""
    result = run_pipeline(config_of_run(args))
    summary = summarize(result)
    print(json.dumps(summary, indent=2) if args.json else describe(summary))
    return DONE if result.blessed else REFUSED


def run_pipeline(config: PipelineConfig, preview: Path | None = None) -> RunResult:
    """Runs the pipeline; says on stderr how far it is.

    Args:
        config: The configuration.
        preview: PNG file for a contact sheet of the ingested photos; None for none.
    """
    check_engine(config.beam)
    pick_kernels(config.training)
    workspace = Workspace.at(config.run.root)
    with workspace.locked():
        print("loading TFX ...", file=sys.stderr)
        # Imported here: it takes half a minute, and wrong usage answers before it.
        from tfx_pipeline.runners.local_runner import run_locally

        result = run_locally(config, workspace, _StageProgress())
        if preview:
            _draw_preview(result, preview)
    return result


def pick_kernels(training: TrainingConfig) -> None:
    """Lets TensorFlow, when it is loaded, take the kernels of the training."""
    for name, value in kernel_environment(training).items():
        os.environ.setdefault(name, value)


def _draw_preview(result: RunResult, path: Path) -> None:
    # Imported here: it loads TensorFlow.
    from tfx_pipeline.data.contact_sheet import write_contact_sheet

    write_contact_sheet(
        result.shards("train"),
        task=result.taxonomy["task"],
        taxonomy=result.taxonomy,
        count=12,
        path=path,
    )


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
