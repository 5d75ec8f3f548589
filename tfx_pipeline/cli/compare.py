"""`carseg compare`: tells how far models lie apart, as a table and as a page."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfx_pipeline.cli.compare_runs import FoundModel, find_models, model_names
from tfx_pipeline.cli.exit_codes import DONE
from tfx_pipeline.cli.options import add_json_option
from tfx_pipeline.config.usage_error import UsageError

if TYPE_CHECKING:  # its module takes seconds to load
    from components.run_comparison.comparison import Comparison

COMPARISONS_FOLDER = "comparisons"
PAGE_FILE = "compare.html"
PHOTOS = 12
MAX_PHOTOS = 60
_MIN_MODELS = 2


def add_compare_options(parser: argparse.ArgumentParser) -> None:
    """Adds the runs, --last, --photos, --out and --json."""
    parser.add_argument(
        "runs",
        nargs="+",
        metavar="RUN[:CANDIDATE]",
        help="root folder of a run, and which of its models (the first); one RUN alone"
        " stands for all of its models",
    )
    parser.add_argument(
        "--last",
        type=int,
        metavar="N",
        help="compare the last N runs of one RUN, the oldest first",
    )
    parser.add_argument(
        "--photos",
        type=int,
        default=PHOTOS,
        metavar="N",
        help="photos on which the masks differ most; 0 asks no model again"
        " (%(default)s)",
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        help=f"the page (RUN/{COMPARISONS_FOLDER}/TIME/{PAGE_FILE} of the first RUN)",
    )
    add_json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Prints the table and the page's path."""
    _check(args)
    found = find_models(args.runs, args.last)
    if len(found) < _MIN_MODELS:
        raise UsageError(
            f"a comparison needs {_MIN_MODELS} models or more, got {len(found)} in"
            f" {found[0].root}; name another RUN too, or run the"
            " pipeline once more for --last 2"
        )
    if args.last is not None and len(found) < args.last:
        print(f"only {len(found)} runs measured another model", file=sys.stderr)
    page = _page_path(args.out, found[0].root)
    comparison = _compare(found, model_names(found, args.last), args.photos)
    _write_page(page, comparison)
    if args.json:
        print(json.dumps(_summary(comparison, page), ensure_ascii=False, indent=2))
    else:
        # Imported here: it takes a second, and wrong usage answers before it.
        from tfx_pipeline.cli.compare_text import describe

        print(f"{describe(comparison)}\n\npage: {page}")
    return DONE


def _check(args: argparse.Namespace) -> None:
    if not 0 <= args.photos <= MAX_PHOTOS:
        raise UsageError(f"--photos must be 0..{MAX_PHOTOS}, got {args.photos}")
    if args.last is not None and args.last < _MIN_MODELS:
        raise UsageError(f"--last must be {_MIN_MODELS} or more, got {args.last}")
    if args.out is not None and Path(args.out).expanduser().is_dir():
        raise UsageError(f"--out must be a file, got the folder {args.out}")


def _page_path(out: str | None, root: Path) -> Path:
    if out is not None:
        return Path(out).expanduser().resolve()
    moment = f"{datetime.now():%Y-%m-%dT%H-%M-%S}"
    return root / COMPARISONS_FOLDER / moment / PAGE_FILE


def _compare(
    found: Sequence[FoundModel], names: Sequence[str], photos: int
) -> Comparison:
    print(f"reading {len(found)} evaluations ...", file=sys.stderr)
    # TFMA calls what TensorFlow is about to drop.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    from components.run_comparison.comparison import Comparison
    from tfx_pipeline.cli.compare_facts import read_models

    read = read_models(found, names)
    try:
        # Before the models are asked, which takes long.
        comparison = Comparison(models=read.models, notes=read.notes)
    except ValueError as err:
        raise UsageError(str(err)) from err
    if not photos:
        return comparison
    from tfx_pipeline.cli.compare_photos import add_photos

    return add_photos(comparison, found, photos)


def _summary(comparison: Comparison, page: Path) -> dict[str, Any]:
    from components.run_comparison.comparison_json import describe_comparison

    return {"page": str(page), **describe_comparison(comparison)}


def _write_page(path: Path, comparison: Comparison) -> None:
    """Writes the page whole or not at all."""
    from components.run_comparison.page import render_page

    text = render_page(comparison)
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.staged")
    try:
        staged.write_text(text, "utf-8")
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)
