"""`carseg data build|audit|preview|palette`: one dataset, without a pipeline."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tfx_pipeline.cli.data_palette import draw_palette
from tfx_pipeline.cli.data_preview import draw_preview, with_policy
from tfx_pipeline.cli.dataset_facts import fact_lines, side_pairs
from tfx_pipeline.cli.exit_codes import DONE, REFUSED
from tfx_pipeline.cli.options import config_of_dataset
from tfx_pipeline.cli.table import table
from tfx_pipeline.runners.beam_engine import check_engine
from tfx_pipeline.runners.workspace import Workspace

if TYPE_CHECKING:  # its module loads TensorFlow
    from tfx_pipeline.runners.datasets import BuiltDataset


def run(args: argparse.Namespace) -> int:
    """Builds the dataset where that is not done yet, then audits or draws it."""
    if args.action == "palette":
        return draw_palette(args)
    config = config_of_dataset(args)
    if args.action == "preview":
        config = with_policy(args, config)
    check_engine(config.beam)
    workspace = Workspace.at(args.data_dir, option="--data-dir")
    with workspace.locked():
        print("loading TensorFlow ...", file=sys.stderr)
        # Imported here: it takes seconds, and wrong usage answers before it.
        from tfx_pipeline.runners.datasets import build_dataset

        print("building ...", file=sys.stderr)
        built = build_dataset(config, workspace, args.task)
        if args.action == "preview":
            return draw_preview(args, built)
        print("auditing ...", file=sys.stderr)
        audit = built.audit()
    return _report(args, built, audit)


def _report(
    args: argparse.Namespace, built: BuiltDataset, audit: dict[str, Any]
) -> int:
    summary = {
        "dataset": args.dataset,
        "task": built.task,
        "splits": {
            name: {"examples": split["examples"], "groups": split["groups"]}
            for name, split in audit["splits"].items()
        },
        "classes": [entry["name"] for entry in built.taxonomy["classes"]],
        "side_pairs": side_pairs(built.taxonomy),
        **built.prepared.contents,
        "skipped": built.prepared.skipped["skipped"],
        "findings": audit["findings"],
        "blessed": audit["blessed"],
        "reasons": audit["reasons"],
        "folder": str(built.prepared.folder),
        "audit": str(built.audit_folder / "audit.html"),
    }
    if args.json:
        print(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        print(_describe(summary, audit))
    refused = args.action == "audit" and not audit["blessed"]
    return REFUSED if refused else DONE


def _describe(summary: Mapping[str, Any], audit: Mapping[str, Any]) -> str:
    splits = table(
        ["split", "examples", "groups"],
        [
            [name, split["examples"], split["groups"]]
            for name, split in summary["splits"].items()
        ],
    )
    counts = audit["finding_counts"]
    found = ", ".join(f"{rule} {count}" for rule, count in counts.items() if count)
    skipped = summary["skipped"]
    lines = [
        splits,
        "",
        *fact_lines(summary),
        f"skipped:    {len(skipped)}",
        *(f"  - {entry['source']}: {entry['reason']}" for entry in skipped[:5]),
        f"findings:   {found or 'none'}",
        "data blessed" if summary["blessed"] else "data REFUSED",
        *(f"  - {reason}" for reason in summary["reasons"]),
        f"dataset:    {summary['folder']}",
        f"audit:      {summary['audit']}",
    ]
    return "\n".join(lines)
