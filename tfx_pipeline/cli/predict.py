"""`carseg predict`: masks, overlays and areas of photos, from a served model."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from tfx_pipeline.cli.options import add_json_option
from tfx_pipeline.cli.predict_inputs import find_photos
from tfx_pipeline.cli.predict_model import ModelFolder, find_model
from tfx_pipeline.config.usage_error import UsageError

_TIMEOUT_S = 60.0
_MODEL_NAME = "carseg"


def add_predict_options(parser: argparse.ArgumentParser) -> None:
    """Adds the photos, who answers, and where the pictures go."""
    parser.add_argument(
        "photos",
        nargs="+",
        metavar="PHOTO|FOLDER|GLOB",
        help="JPEG, PNG, BMP or GIF; a folder with all below it; a quoted pattern",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--server", metavar="URL", help="grpc://HOST:PORT or http://HOST:PORT"
    )
    source.add_argument(
        "--model",
        metavar="DIR",
        help="SavedModel, or folder of version folders; served for this call only",
    )
    parser.add_argument("--out", required=True, metavar="DIR", help="folder to write")
    parser.add_argument(
        "--taxonomy",
        metavar="FILE",
        help="JSON with the classes' names and colours (with --model: the model's own)",
    )
    parser.add_argument(
        "--model-name",
        default=_MODEL_NAME,
        metavar="NAME",
        help="as the server calls the model (%(default)s)",
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=_TIMEOUT_S,
        metavar="SECONDS",
        help="longest wait for the answer to one photo (%(default)g)",
    )
    add_json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Predicts every photo; what fails is said, counted, and tells by the exit code."""
    folder = _check_usage(args)
    photos = find_photos(args.photos)
    # Imported here: NumPy, Pillow and the client; wrong usage answers before them.
    from tfx_pipeline.cli.predict_classes import read_taxonomy
    from tfx_pipeline.cli.predict_files import OutputFolder
    from tfx_pipeline.cli.predict_report import report
    from tfx_pipeline.cli.predict_served import predict_served
    from tfx_pipeline.cli.predict_server import serve_model

    taxonomy_file = args.taxonomy or (folder.taxonomy_file if folder else None)
    taxonomy = read_taxonomy(Path(taxonomy_file)) if taxonomy_file else None
    out = OutputFolder.at(Path(args.out))
    with ExitStack() as stack:
        url = args.server
        if folder is not None:
            print("starting a server for this call ...", file=sys.stderr)
            url = stack.enter_context(serve_model(folder, args.model_name))
        done = predict_served(
            url,
            photos,
            taxonomy,
            out,
            model_name=args.model_name,
            timeout_s=args.timeout,
        )
    return report(done.outcome, done.metadata, done.classes, out, as_json=args.json)


def _check_usage(args: argparse.Namespace) -> ModelFolder | None:
    if args.server is None and args.model is None:
        raise UsageError(
            "who predicts must be said: --model DIR of a SavedModel, or --server URL of"
            " a server that runs; got neither"
        )
    if not args.timeout > 0:
        raise UsageError(f"--timeout must be more than 0 seconds, got {args.timeout:g}")
    if args.server is not None:
        _check_url(args.server)
        return None
    return find_model(args.model)


def _check_url(url: str) -> None:
    # Imported here: its package brings NumPy.
    from serving.client.server_url import parse_server_url

    try:
        parse_server_url(url)
    except ValueError as err:
        raise UsageError(f"--server: {err}") from err
