"""`carseg report`: finds the report of a run, says where it lies, opens it."""

from __future__ import annotations

import argparse
import json
import sys
import webbrowser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.evaluation_report.report_files import METRICS_FILE, REPORT_FILE
from tfx_pipeline.cli.exit_codes import DONE
from tfx_pipeline.cli.options import add_json_option
from tfx_pipeline.cli.run_lookup import (
    RUN_HELP,
    executions_of,
    newest_first,
    open_run,
    run_root,
)
from tfx_pipeline.cli.stored_json import stored_file

if TYPE_CHECKING:  # its module takes seconds to load
    from ml_metadata.metadata_store import MetadataStore

_ARTIFACT_TYPE = "components.EvaluationReport"


@dataclass(frozen=True, kw_only=True)
class FoundReport:
    """One report of a run.

    Attributes:
        node: Id of the node that wrote it; there is one per candidate model.
        folder: Of its two files.
    """

    node: str
    folder: Path

    def to_dict(self) -> dict[str, Any]:
        """Returns the JSON form, with the numbers that tell most."""
        metrics = json.loads((self.folder / METRICS_FILE).read_text("utf-8"))
        return {
            "node": self.node,
            "report": str(self.folder / REPORT_FILE),
            "metrics": str(self.folder / METRICS_FILE),
            "blessed": metrics["blessed"],
            "miou": metrics["metrics"].get("miou"),
            "foreground_miou": metrics["metrics"].get("foreground_miou"),
        }


def add_report_options(parser: argparse.ArgumentParser) -> None:
    """Adds the run, --open and --json."""
    parser.add_argument("run", nargs="?", metavar="RUN", help=RUN_HELP)
    parser.add_argument("--open", action="store_true", help="show it in the browser")
    add_json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Prints the path of the newest report, one line per model of the run."""
    root = run_root(args.run)
    run_id, is_newest, reports = find_reports(root)
    if not is_newest:
        print(
            f"the newest run in {root} wrote no report; this one is of {run_id}",
            file=sys.stderr,
        )
    entries = [report.to_dict() for report in reports]
    if args.json:
        summary = {"run": run_id, **entries[0], "reports": entries}
        print(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        print("\n".join(entry["report"] for entry in entries))
    if args.open:
        _open(entries[0])
    return DONE


def find_reports(root: Path) -> tuple[str, bool, list[FoundReport]]:
    """Returns the newest run with reports, whether no run is newer, and its reports.

    Args:
        root: Folder that was given to `carseg run --root`.

    Raises:
        UsageError: The folder is no run.
        ValueError: No report was written, or its files are gone.
    """
    store = open_run(root)
    for index, context in enumerate(newest_first(store)):
        reports = list(_reports_of(store, context))
        if reports:
            return context.name, index == 0, [_checked(report) for report in reports]
    raise ValueError(
        f"no run in {root} wrote a report: its data was refused, or it stopped before"
        " the gate; look at its audit, or run it again without run.until"
    )


def _reports_of(store: MetadataStore, context: Any) -> Iterator[FoundReport]:
    """Yields a run's reports, also those that it took from the cache."""
    # Imported here: it takes a second, and wrong usage answers before it.
    from tfx_pipeline.runners.run_history import node_of, outputs_of

    for execution in executions_of(store, context):
        for artifact in outputs_of(store, execution).values():
            if artifact.type == _ARTIFACT_TYPE:
                node = node_of(store, execution)
                yield FoundReport(node=node, folder=Path(artifact.uri))


def _checked(report: FoundReport) -> FoundReport:
    for name in (REPORT_FILE, METRICS_FILE):
        stored_file(report.folder, name)
    return report


def _open(entry: Mapping[str, Any]) -> None:
    if not webbrowser.open(Path(entry["report"]).as_uri()):
        print(
            "there is no browser that can be opened from here; open the file by hand",
            file=sys.stderr,
        )
