"""Finds runs by the folder that `carseg run --root` was given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfx_pipeline.config.usage_error import UsageError
from tfx_pipeline.runners.workspace import Workspace

if TYPE_CHECKING:  # its module takes seconds to load
    from ml_metadata.metadata_store import MetadataStore

RUNS_FOLDER = "carseg_runs"
RUN_HELP = f"root folder of a run (the newest in {RUNS_FOLDER})"
_WAY_OUT = "run the pipeline first, for example with: carseg demo"


def run_root(given: str | None) -> Path:
    """Returns the folder that was given, or the newest run's."""
    return Path(given).expanduser() if given else newest_run(Path(RUNS_FOLDER))


def newest_run(folder: Path) -> Path:
    """Returns the root of the run below a folder (or the folder) written last.

    Raises:
        ValueError: There is none.
    """
    files = [
        Workspace(root).metadata_path
        for root in (folder, *(folder.iterdir() if folder.is_dir() else ()))
    ]
    found = [path for path in files if path.is_file()]
    if not found:
        raise ValueError(f"there is no run in {folder}; {_WAY_OUT}")
    return max(found, key=lambda path: path.stat().st_mtime).parent


def open_run(root: Path) -> MetadataStore:
    """Returns the ML Metadata of the runs in a root folder.

    Raises:
        UsageError: The folder is no run.
    """
    database = Workspace.at(str(root)).metadata_path
    if not database.is_file():
        raise UsageError(
            f"RUN must be the root folder of a run, got {root}, which holds no"
            f" {database.name}; {_WAY_OUT}"
        )
    # Imported here: it takes a second, and wrong usage answers before it.
    from tfx_pipeline.runners.run_history import open_store

    return open_store(str(database))


def newest_first(store: MetadataStore) -> list[Any]:
    """Returns the contexts of all runs, each with `id` and `name`."""
    runs = store.get_contexts_by_type("pipeline_run")
    return sorted(runs, key=lambda run: run.id, reverse=True)


def executions_of(store: MetadataStore, run: Any) -> list[Any]:
    """Returns what a run executed, also from the cache, in order."""
    executions = store.get_executions_by_context(run.id)
    return sorted(executions, key=lambda execution: execution.id)
