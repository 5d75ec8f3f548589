"""`carseg submit carvana`: the file that Kaggle scores, in the sample's order."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tfx_pipeline.cli.bulk_options import (
    add_bulk_options,
    bulk_beam,
    check_bulk_options,
)
from tfx_pipeline.cli.bulk_photos import check_images
from tfx_pipeline.cli.exit_codes import DONE, FAILED
from tfx_pipeline.cli.options import add_json_option
from tfx_pipeline.config.usage_error import UsageError

_SHOWN_NAMES = 3


def add_submit_options(parser: argparse.ArgumentParser) -> None:
    """Adds the competition, and under it model, photos, sample and result."""
    competitions = parser.add_subparsers(
        dest="competition", required=True, metavar="COMPETITION"
    )
    carvana = competitions.add_parser(
        "carvana", help="img,rle_mask of 1918 x 1280 photos, verified row by row"
    )
    add_bulk_options(carvana)
    carvana.add_argument(
        "--sample",
        required=True,
        metavar="FILE",
        help="sample_submission.csv: which photos, in which order",
    )
    carvana.add_argument("--out", required=True, metavar="FILE", help="CSV to write")
    carvana.add_argument(
        "--class",
        dest="class_name",
        default="car",
        metavar="NAME",
        help="the model's class that is the mask (%(default)s)",
    )
    carvana.add_argument(
        "--truth",
        metavar="DIR",
        help="folder of NAME_mask.gif or NAME_mask.png; prints the mean Dice",
    )
    carvana.add_argument(
        "--allow-missing",
        action="store_true",
        help="write empty masks for photos that are absent or fail",
    )
    add_json_option(carvana)


def run(args: argparse.Namespace) -> int:
    """Predicts what is not finished yet, writes and decodes all rows."""
    check_bulk_options(args)
    # Imported here: NumPy.
    from tfx_pipeline.cli.submit_sample import check_photos, sample_names

    images, out = check_images(args.images), _check_out(args)
    absent = check_photos(Path(args.sample), images, args.allow_missing)
    truth = _check_truth(args.truth, Path(args.sample))
    # Imported here: Beam and TensorFlow; wrong usage answers before them.
    from components.bulk_inference.work_plan import write_plan
    from tfx_pipeline.cli.bulk_folder import own_folder
    from tfx_pipeline.cli.bulk_model import bulk_model
    from tfx_pipeline.cli.bulk_run import finish_chunks
    from tfx_pipeline.cli.submit_file import write_submission
    from tfx_pipeline.cli.submit_rows import RowWork, find_class

    model = bulk_model(args)
    work = RowWork(
        images=str(images.resolve()),
        model=model.fingerprint,
        class_id=find_class(model.taxonomy, args.class_name),
    )
    with own_folder(out.with_name(f".{out.name}.parts"), [out]) as folder:
        names = sample_names(Path(args.sample))
        places = write_plan(folder.plan, names, chunk_size=args.chunk)
        reused = finish_chunks(
            folder, places, model.asked, work, engine=bulk_beam(args)
        )
        failed = [entry.photo for entry in folder.entries(places) if entry.failure]
        if failed and not args.allow_missing:
            raise ValueError(_holes(folder.entries(places), len(failed), args.sample))
        done = write_submission(
            out, lambda: folder.entries(places), Path(args.sample), truth
        )
    summary = {
        "rows": done.rows,
        "absent": absent,
        "failed": len(failed) - absent,
        "finished_before": reused,
        "dice": done.mean_dice,
        "dice_photos": done.dice_photos,
        "file": str(out),
    }
    return _report(summary, as_json=args.json)


def _check_out(args: argparse.Namespace) -> Path:
    out = Path(args.out).resolve()
    if out.is_dir():
        raise UsageError(f"--out must be a file to write, got the folder {args.out!r}")
    if out == Path(args.sample).resolve():
        raise UsageError(f"--out must not be the sample, got {args.out!r} as both")
    return out


def _check_truth(directory: str | None, sample: Path) -> Path | None:
    if directory is None:
        return None
    folder = Path(directory)
    if not folder.is_dir():
        raise UsageError(f"--truth must be an existing folder, got {directory!r}")
    # Imported here: NumPy.
    from tfx_pipeline.cli.submit_sample import sample_names
    from tfx_pipeline.cli.submit_truth import truth_file

    if not any(truth_file(folder, name) for name in sample_names(sample)):
        raise UsageError(
            f"--truth must hold masks such as NAME_mask.gif, got {directory!r} with no"
            f" true mask of any photo in {str(sample)!r}; name another folder, or leave"
            " --truth out"
        )
    return folder


def _holes(entries: Any, count: int, sample: str) -> str:
    """Returns the line that names some of the photos that fail."""
    named = [f"{entry.photo} ({entry.failure})" for entry in entries if entry.failure]
    more = f", and {count - _SHOWN_NAMES} more" if count > _SHOWN_NAMES else ""
    return (
        f"every photo of {sample} must have a mask, but {count} failed:"
        f" {'; '.join(named[:_SHOWN_NAMES])}{more}; mend them and run the same command"
        " again, or write empty masks with --allow-missing"
    )


def _report(summary: dict[str, Any], *, as_json: bool) -> int:
    empty = summary["absent"] + summary["failed"]
    if as_json:
        print(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        print(f"{summary['file']}: {summary['rows']} rows, each decoded and compared")
        if summary["dice"] is not None:
            print(f"mean Dice {summary['dice']:.4f} of {summary['dice_photos']} photos")
    if empty:
        print(
            f"carseg: {empty} of {summary['rows']} rows are empty:"
            f" {summary['absent']} photos absent, {summary['failed']} failed",
            file=sys.stderr,
        )
    return FAILED if summary["failed"] else DONE
