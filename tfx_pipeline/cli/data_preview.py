"""`carseg data preview`: records as they are, or what an augmentation makes of them."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tfx_pipeline.cli.exit_codes import DONE
from tfx_pipeline.config.augment import MAX_COPIES, POLICIES, augment_policy
from tfx_pipeline.config.pipeline_config import PipelineConfig
from tfx_pipeline.config.usage_error import UsageError

if TYPE_CHECKING:  # its module loads TensorFlow
    from tfx_pipeline.runners.datasets import BuiltDataset

# `--augment` without a name: the policy that the configuration holds.
CONFIGURED = "configured"
DEFAULT_COPIES = 4


def add_preview_options(parser: argparse.ArgumentParser) -> None:
    """Adds which records are drawn, how, and into which file."""
    parser.add_argument("--split", default="train", choices=("train", "eval", "test"))
    parser.add_argument("--count", type=int, default=12, help="pictures (%(default)s)")
    parser.add_argument(
        "--augment",
        nargs="?",
        const=CONFIGURED,
        metavar="POLICY",
        help="draw each picture at the model's size beside augmented copies, as"
        f" Transform writes them; one of {', '.join(POLICIES)}, or as configured",
    )
    parser.add_argument(
        "--copies",
        type=int,
        help=f"augmented copies of each picture ({DEFAULT_COPIES})",
    )
    parser.add_argument(
        "--out", default="preview.png", help="PNG file to write (%(default)s)"
    )


def with_policy(args: argparse.Namespace, config: PipelineConfig) -> PipelineConfig:
    """Returns the configuration with the named policy in it; refuses wrong options."""
    if args.count < 1:
        raise UsageError(f"--count must be 1 or more, got {args.count}")
    if args.augment is None and args.copies is not None:
        raise UsageError(
            f"--copies must come with --augment, got --copies {args.copies} alone;"
            " without it nothing is varied"
        )
    if args.copies is not None and not 1 <= args.copies <= MAX_COPIES:
        raise UsageError(f"--copies must be 1..{MAX_COPIES}, got {args.copies}")
    if args.augment in (None, CONFIGURED):
        return config
    try:
        prepare = replace(config.prepare, augment=augment_policy(args.augment))
    except ValueError as err:
        raise UsageError(str(err)) from err
    return replace(config, prepare=prepare)


def draw_preview(args: argparse.Namespace, built: BuiltDataset) -> int:
    """Draws the sheet and says where it lies; returns the exit code."""
    copies = DEFAULT_COPIES if args.copies is None else args.copies
    if args.augment is None:
        drawn, policy = _draw_records(args, built), {}
    else:
        drawn = _draw_copies(args, built, copies)
        policy = {"policy": args.augment, "copies": copies}
    summary = {
        "dataset": args.dataset,
        "task": built.task,
        "split": args.split,
        "pictures": drawn,
        **policy,
        "preview": args.out,
    }
    if args.json:
        print(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        beside = f", each with {copies} copies," if policy else ""
        print(f"drew {drawn} pictures of {args.split}{beside} into {args.out}")
    return DONE


def _draw_records(args: argparse.Namespace, built: BuiltDataset) -> int:
    # Imported here: it loads TensorFlow.
    from tfx_pipeline.data.contact_sheet import write_contact_sheet

    return write_contact_sheet(
        built.prepared.shards.get(args.split, ()),
        task=built.task,
        taxonomy=built.taxonomy,
        count=args.count,
        path=Path(args.out),
    )


def _draw_copies(args: argparse.Namespace, built: BuiltDataset, copies: int) -> int:
    # Imported here: it loads TensorFlow.
    from tfx_pipeline.data.augment_preview import write_augment_sheet

    return write_augment_sheet(
        built.prepared.shards.get(args.split, ()),
        task=built.task,
        taxonomy=built.taxonomy,
        config=built.config.prepare,
        copies=copies,
        seed=built.config.training.seed,
        count=args.count,
        path=Path(args.out),
    )
