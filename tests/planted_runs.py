"""`carseg` commands in this process on drawn scratches, with a planted training."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

SETTINGS: dict[str, Any] = {
    "data": {
        "builder": "tests.drawn_scratches.Builder",
        "task": "damage",
        "options": {},
    },
    "prepare": {"height_px": 32, "width_px": 32, "augment": "none"},
}

Run = tuple[int, dict[str, Any]]


def write_settings(folder: Path, further: dict[str, Any]) -> Path:
    """Writes the settings of all runs as a file for `--config`."""
    path = folder / "settings.json"
    path.write_text(json.dumps(SETTINGS | further), "utf-8")  # is YAML too
    return path


def planted(workspace: Path, run_fn: str, arguments: list[str]) -> Run:
    """Returns exit code and summary of a command; it runs in `<workspace>/runs`.

    Args:
        workspace: Folder for the runs.
        run_fn: Dotted path of what trains instead of the product.
        arguments: The command, without `--root`.
    """
    from tfx_pipeline.cli.main import main
    from tfx_pipeline.pipeline import training_nodes

    out = workspace / "summary.json"
    with pytest.MonkeyPatch.context() as patch, out.open("w") as file:
        patch.setattr(training_nodes, "RUN_FN", run_fn)
        with redirect_stdout(file):
            code = main([*arguments, "--json", f"--root={workspace / 'runs'}"])
    return code, json.loads(out.read_text("utf-8"))
