"""Every dataset builder against the plain way of reading the same files.

    python benchmarks/builders.py [--images N] [--repeat R] [--builder NAME ...]

Draws N and 4 N photos in the layout of each owner, then measures in turn, each in a
process of its own: the plain script of `plain_datasets.py` (open, decode, hash, paint,
save masks as PNG, all by Pillow), and the builder's own build with one worker. Rates
are of 4 N photos, medians of R rounds, and should be at least 0.6 of the plain script;
peak memory is taken at N and 4 N photos and should not grow. Imports are not timed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from drawn_datasets import DRAWN_SETS
from plain_datasets import PLAIN_SCRIPTS

BUILDER = "tfds_builders.{name}.{name}_dataset_builder.Builder"
ONE_WORKER = (
    "--runner=DirectRunner",
    "--direct_running_mode=in_memory",
    "--direct_num_workers=1",
)
MIN_RATIO = 0.6
MIN_IMAGES = 12  # fewer leave a split of some builder empty

Result = dict[str, float]


def run_floor(name: str, folder: Path) -> float:
    """Returns the seconds of the plain script."""
    started = time.perf_counter()
    PLAIN_SCRIPTS[name](folder)
    return time.perf_counter() - started


def run_build(name: str, folder: Path, images: int) -> float:
    """Returns the seconds from builder to dataset, imports not counted."""
    import tensorflow as tf

    from components.tfds_example_gen.prepare import import_builder, prepare_dataset

    tf.constant(0)  # starts TensorFlow
    builder = BUILDER.format(name=name)
    import_builder(builder)
    with tempfile.TemporaryDirectory() as out:
        started = time.perf_counter()
        prepared = prepare_dataset(
            builder=builder,
            builder_kwargs={"manual_dir": str(folder)},
            folder=Path(out),
            beam_pipeline_args=ONE_WORKER,
        )
        seconds = time.perf_counter() - started
    if sum(prepared.examples.values()) != images:
        raise SystemExit(f"{name} must build {images} records, got {prepared.examples}")
    return seconds


def measure(what: str, name: str, folder: Path, images: int) -> Result:
    """Runs one measurement in a fresh process."""
    task = json.dumps([what, name, str(folder), images])
    done = subprocess.run(
        [sys.executable, __file__, "--measure", task],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    if done.returncode:
        raise SystemExit(f"{what} of {name} failed:\n{done.stderr[-2000:]}")
    result: Result = json.loads(done.stdout.splitlines()[-1])
    return result


def measure_here(what: str, name: str, folder: Path, images: int) -> Result:
    """Returns seconds and peak memory of one measurement."""
    if what == "floor":
        seconds = run_floor(name, folder)
    else:
        seconds = run_build(name, folder, images)
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "memory_mib": peak_kib / 1024}


def compare(name: str, images: int, repeat: int) -> str:
    """Measures one builder, floor and build in turn; returns its line."""
    seconds: dict[str, list[float]] = {"floor": [], "build": []}
    with tempfile.TemporaryDirectory() as work:
        small, large = Path(work, "small"), Path(work, "large")
        DRAWN_SETS[name](small, images)
        DRAWN_SETS[name](large, 4 * images)
        for round_number in range(repeat):
            order = ("floor", "build") if round_number % 2 == 0 else ("build", "floor")
            results = {what: measure(what, name, large, 4 * images) for what in order}
            for what in order:
                seconds[what].append(results[what]["seconds"])
        memory = results["build"]["memory_mib"]
        memory_of_few = measure("build", name, small, images)["memory_mib"]
    floor, build = (4 * images / statistics.median(taken) for taken in seconds.values())
    return (
        f"{name:<24}{floor:9.1f}{build:9.1f}{build / floor:7.2f}"
        f"{memory_of_few:9.0f}{memory:9.0f}{memory / memory_of_few:7.2f}"
    )


def report(names: list[str], images: int, repeat: int) -> None:
    """Prints a table with a line for every builder."""
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores; {4 * images} photos,"
        f" median of {repeat}; images/s, bar {MIN_RATIO}; peak MiB, bar flat"
    )
    print(
        f"{'':<24}{'floor':>9}{'build':>9}{'ratio':>7}"
        f"{f'at {images}':>9}{f'at {4 * images}':>9}{'ratio':>7}"
    )
    for name in names:
        print(compare(name, images, repeat), flush=True)


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=100, help="N (%(default)s)")
    parser.add_argument("--repeat", type=int, default=1, help="rounds (%(default)s)")
    parser.add_argument(
        "--builder",
        action="append",
        choices=DRAWN_SETS,
        help="may be given several times (default: all)",
    )
    parser.add_argument("--measure", type=json.loads, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        what, name, folder, images = args.measure
        print(json.dumps(measure_here(what, name, Path(folder), images)))
        return
    if args.images < MIN_IMAGES or args.repeat < 1:
        parser.error(
            f"--images must be {MIN_IMAGES} or more and --repeat 1 or more, got"
            f" {args.images} and {args.repeat}"
        )
    report(args.builder or list(DRAWN_SETS), args.images, args.repeat)


if __name__ == "__main__":
    main()
