"""`carseg predict-all`: masks, areas and COCO of a folder of very many photos."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfx_pipeline.cli.bulk_options import (
    add_bulk_options,
    bulk_beam,
    check_bulk_options,
)
from tfx_pipeline.cli.bulk_photos import check_images, photo_names
from tfx_pipeline.cli.exit_codes import DONE, FAILED
from tfx_pipeline.cli.options import add_json_option
from tfx_pipeline.config.usage_error import UsageError

if TYPE_CHECKING:
    from components.bulk_inference.work_plan import ChunkPlace
    from tfds_builders.taxonomy import Taxonomy
    from tfx_pipeline.cli.bulk_folder import BulkFolder

PHOTOS_CSV, FAILED_CSV = "photos.csv", "failed.csv"
PHOTOS_PARQUET, COCO_FILE = "photos.parquet", "coco.json"
WORK_FOLDER = ".carseg-predict-all"


def add_predict_all_options(parser: argparse.ArgumentParser) -> None:
    """Adds the photos, the model, and what is written where."""
    add_bulk_options(parser)
    parser.add_argument("--out", required=True, metavar="DIR", help="folder to write")
    parser.add_argument(
        "--table",
        choices=("csv", "parquet"),
        default="csv",
        help=f"parquet writes {PHOTOS_PARQUET} beside {PHOTOS_CSV} (%(default)s)",
    )
    parser.add_argument(
        "--no-coco",
        dest="coco",
        action="store_false",
        help=f"leave {COCO_FILE} with its run lengths away",
    )
    add_json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Predicts what is not finished yet, then joins all; tells by the exit code."""
    check_bulk_options(args)
    images, out = check_images(args.images), _check_out(args.out)
    # Imported here: NumPy, Beam and TensorFlow; wrong usage answers before them.
    from components.bulk_inference.work_plan import write_plan
    from tfx_pipeline.cli.bulk_folder import own_folder
    from tfx_pipeline.cli.bulk_masks import MaskWork, taxonomy_classes
    from tfx_pipeline.cli.bulk_model import bulk_model
    from tfx_pipeline.cli.bulk_run import finish_chunks

    model = bulk_model(args)
    work = MaskWork(
        images=str(images.resolve()),
        out=str(out),
        model=model.fingerprint,
        classes=taxonomy_classes(model.taxonomy),
        with_coco=args.coco,
    )
    with own_folder(out / WORK_FOLDER, _results(out, args)) as folder:
        names = photo_names(images)
        places = write_plan(folder.plan, names, chunk_size=args.chunk)
        reused = finish_chunks(
            folder, places, model.asked, work, engine=bulk_beam(args)
        )
        summary = _join(folder, places, model.taxonomy, out, args)
    return _report(summary | {"finished_before": reused}, out, as_json=args.json)


def _check_out(directory: str) -> Path:
    path = Path(directory).resolve()
    if path.exists() and not path.is_dir():
        raise UsageError(
            f"--out must be a folder, got the file {directory!r}; name another"
        )
    return path


def _results(out: Path, args: argparse.Namespace) -> list[Path]:
    names = [PHOTOS_CSV, FAILED_CSV]
    names += [PHOTOS_PARQUET] if args.table == "parquet" else []
    names += [COCO_FILE] if args.coco else []
    return [out / name for name in names]


def _join(
    folder: BulkFolder,
    places: Sequence[ChunkPlace],
    taxonomy: Taxonomy,
    out: Path,
    args: argparse.Namespace,
) -> dict[str, Any]:
    """Writes the files about all photos; returns the counts."""
    from tfx_pipeline.cli.bulk_coco import write_coco
    from tfx_pipeline.cli.bulk_tables import (
        write_failed_csv,
        write_photos_csv,
        write_photos_parquet,
    )

    def entries() -> Any:
        return folder.entries(places)

    write_photos_csv(out / PHOTOS_CSV, entries(), taxonomy.names)
    write_failed_csv(out / FAILED_CSV, entries())
    if args.table == "parquet":
        write_photos_parquet(out / PHOTOS_PARQUET, entries(), taxonomy.names)
    photos = sum(place.photos for place in places)
    failed = sum(bool(entry.failure) for entry in entries())
    summary = {"photos": photos, "predicted": photos - failed, "failed": failed}
    if args.coco:
        summary["annotations"] = write_coco(out / COCO_FILE, entries, taxonomy)
    return summary | {"files": [str(path) for path in _results(out, args)]}


def _report(summary: dict[str, Any], out: Path, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        before = summary["finished_before"]
        told = f", {before} of them by an earlier run" if before else ""
        print(f"{summary['predicted']} of {summary['photos']} photos have a mask{told}")
        print("\n".join(summary["files"]))
    if summary["failed"]:
        print(
            f"carseg: {summary['failed']} of {summary['photos']} photos have no mask;"
            f" see {out / FAILED_CSV}",
            file=sys.stderr,
        )
    return FAILED if summary["failed"] else DONE
