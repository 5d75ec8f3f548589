"""The server against threads in one process on the same Session, and against peers.

    python benchmarks/serving.py [--peers all] [--seconds S] [--clients 1,2,4,8]

Asks `python -m serving.server` over gRPC and REST from clients that each wait for their
answer (threads of one process a way, on cores that they share with the servers), and
runs the same photos from as many threads on a Session of their own process: the limit.
`--peers` adds KServe's Python server and PyTriton, each installed on first use into an
environment of its own under `build/benchmarks`; `serving_peers.py` has their settings.
Measurements take turns, in an order that turns every round, and the table holds medians
of the rounds.

Three models: the demo's U-Net at 256 x 256, untrained; the tests' drawn one of about
2 ms a photo; and one that answers the photo itself, which shows what a request costs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    # It was this file's folder, in which `serving` is this file.
    sys.path[0] = str(Path(__file__).parents[1])

from benchmarks.serving_models import (
    ALL,
    PHOTO_SIZES_PX,
    TRIVIAL,
    UNET,
    draw_photo,
    export_models,
)
from benchmarks.serving_peers import PEERS
from benchmarks.serving_report import as_json, print_answers, print_bars, print_table
from benchmarks.serving_rounds import Plan, measure
from benchmarks.serving_worker import CannotMeasureError, quiet_environment


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="SavedModel instead of the demo's")
    parser.add_argument(
        "--photo", type=Path, help="JPEG for it, instead of a drawn one"
    )
    parser.add_argument(
        "--seconds", type=float, default=30, help="of a measurement (%(default)s)"
    )
    parser.add_argument(
        "--clients", type=parse_counts, default="1,2,4,8", help="(%(default)s)"
    )
    parser.add_argument("--repeat", type=int, default=1, help="rounds (%(default)s)")
    parser.add_argument(
        "--peers", choices=["none", *PEERS, "all"], default="none", help="(%(default)s)"
    )
    parser.add_argument("--only", choices=ALL, help="one of the models")
    parser.add_argument("--json", action="store_true", help="print one JSON line too")
    return parser.parse_args()


def parse_counts(text: str) -> tuple[int, ...]:
    """Returns the numbers of a list with commas."""
    return tuple(int(count) for count in text.split(","))


def make_plan(args: argparse.Namespace) -> Plan:
    """Returns what the command line asks for."""
    peers = {"none": (), "all": tuple(PEERS)}.get(args.peers, (args.peers,))
    return Plan(
        seconds=args.seconds, clients=args.clients, repeat=args.repeat, peers=peers
    )


def measure_and_report(
    title: str, args: argparse.Namespace, plan: Plan
) -> dict[str, Any]:
    """Measures one of the models, prints the numbers and returns them."""
    photo = draw_photo(*PHOTO_SIZES_PX[title])
    if title == UNET and args.photo:
        photo = args.photo.read_bytes()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if title == UNET and args.model:
            model = args.model
        else:
            model = export_models(folder / "exported", [title])[title]
        measured = measure(title, model, photo, plan, folder)
    print_table(title, measured.loads)
    print_bars(title, measured.loads)
    if title != TRIVIAL:  # whose answer is as large as the photo
        print_answers(measured.answer_bytes)
    return as_json(title, measured.loads, measured.answer_bytes)


def main() -> None:
    """Measures one model after the other."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # else servers would stay
    args = parse_arguments()
    plan = make_plan(args)
    os.environ.update(quiet_environment())
    warnings.simplefilter("ignore")
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores;", end=" ")
    print(f"{plan.seconds:g} s a measurement, median of {plan.repeat}")
    titles = [args.only] if args.only else ALL
    try:
        results = [measure_and_report(title, args, plan) for title in titles]
    except CannotMeasureError as err:
        raise SystemExit(str(err)) from err
    if args.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
