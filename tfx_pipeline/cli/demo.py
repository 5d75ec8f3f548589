"""`carseg demo`: draws cars, runs all that exists on them, says what it did."""

from __future__ import annotations

import argparse
from pathlib import Path

from tfx_pipeline.cli.run import run_and_report
from tfx_pipeline.config.presets import smoke


def run(args: argparse.Namespace) -> int:
    """Runs the smoke preset and draws a contact sheet of what it ingested."""
    config = smoke().replaced({"run": {"root": args.root}})
    sheet = Path(args.root, "preview.png")
    return run_and_report(config, as_json=args.json, preview=sheet)
