"""Ingest against the plain way of reading the same files: images/s and memory.

    python benchmarks/ingest.py [--images N] [--repeat R]

Draws N photos of 1600 x 1200 with masks, then measures in turn, each in a process of
its own: a floor script (open, decode, sha256) with one and two processes, and the
ingest of TfdsExampleGen (prepare through Beam, copy through Beam) with one worker and
with two. Ratios are medians of R rounds; peak memory is taken at N and 4 N images.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import multiprocessing
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

HEIGHT_PX, WIDTH_PX = 1200, 1600
TAXONOMY = """\
classes:
  - {id: 0, name: background, rgb: [0, 0, 0]}
  - {id: 1, name: car, rgb: [0, 0, 142]}
"""
BUILDER = "tfds_builders.folder_masks.folder_masks_dataset_builder.Builder"
MODES = {
    "one worker": ["--direct_running_mode=in_memory", "--direct_num_workers=1"],
    "two threads": ["--direct_running_mode=multi_threading", "--direct_num_workers=2"],
    "two processes": [
        "--direct_running_mode=multi_processing",
        "--direct_num_workers=2",
    ],
}


def draw_photos(folder: Path, count: int) -> None:
    """Draws photos that compress like photos: smooth shapes and a little noise."""
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True)
    (folder / "taxonomy.yaml").write_text(TAXONOMY)
    small = (HEIGHT_PX // 8, WIDTH_PX // 8)
    for index in range(count):
        rng = np.random.default_rng(index)
        coarse = rng.integers(0, 256, (*small, 3), np.uint8)
        photo = Image.fromarray(coarse).resize((WIDTH_PX, HEIGHT_PX))
        photo.save(folder / "images" / f"{index:05d}.jpg", quality=85)
        mask = np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8)
        top, left = rng.integers(100, 400, 2)
        mask[top : top + 500, left : left + 900] = 1
        Image.fromarray(mask).save(folder / "masks" / f"{index:05d}.png")


def read_plainly(image: Path) -> str:
    """Opens and decodes one photo and its mask, hashes both files: the floor."""
    digest = hashlib.sha256()
    mask = image.parents[1] / "masks" / f"{image.stem}.png"
    for path in (image, mask):
        data = path.read_bytes()
        Image.open(io.BytesIO(data)).load()
        digest.update(data)
    return digest.hexdigest()


def run_floor(folder: Path, processes: int) -> float:
    """Returns the seconds that the floor takes."""
    images = sorted((folder / "images").iterdir())
    started = time.perf_counter()
    if processes == 1:
        for image in images:
            read_plainly(image)
    else:
        with multiprocessing.Pool(processes) as pool:
            pool.map(read_plainly, images, chunksize=8)
    return time.perf_counter() - started


def run_ingest(folder: Path, mode: str) -> float:
    """Returns the seconds from builder to split TFRecords, imports not counted."""
    import apache_beam as beam
    import tensorflow as tf

    from components.tfds_example_gen.copy_shards import CopyShards, shard_copies
    from components.tfds_example_gen.prepare import import_builder, prepare_dataset

    tf.constant(0)  # starts TensorFlow
    import_builder(BUILDER)
    args = ["--runner=DirectRunner", *MODES[mode]]
    with tempfile.TemporaryDirectory() as out:
        uris = {split: f"{out}/Split-{split}" for split in ("train", "eval", "test")}
        for uri in uris.values():
            Path(uri).mkdir()
        started = time.perf_counter()
        prepared = prepare_dataset(
            builder=BUILDER,
            builder_kwargs={"manual_dir": str(folder)},
            folder=Path(out, "datasets"),
            beam_pipeline_args=args,
        )
        options = beam.options.pipeline_options.PipelineOptions(args)
        with beam.Pipeline(options=options) as pipeline:
            _ = pipeline | CopyShards(copies=tuple(shard_copies(prepared.shards, uris)))
        return time.perf_counter() - started


def peak_memory_mib() -> float:
    """Returns the peak of this process and of its largest child."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


def measure(what: str, folder: Path) -> dict[str, float]:
    """Runs one measurement in a fresh process."""
    done = subprocess.run(
        [sys.executable, __file__, "--measure", what, "--folder", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    if done.returncode:
        raise SystemExit(f"{what} failed:\n{done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def measure_here(what: str, folder: Path) -> None:
    """Prints seconds and memory of one measurement as JSON."""
    kind, _, detail = what.partition(":")
    if kind == "floor":
        seconds = run_floor(folder, int(detail))
    else:
        seconds = run_ingest(folder, detail)
    print(json.dumps({"seconds": seconds, "memory_mib": peak_memory_mib()}))


def report(images: int, repeat: int) -> None:
    """Measures all, round by round, and prints images/s and ratios."""
    cases = ["floor:1", "floor:2", *(f"ingest:{mode}" for mode in MODES)]
    with tempfile.TemporaryDirectory() as work:
        small, large = Path(work, "small"), Path(work, "large")
        draw_photos(small, images)
        draw_photos(large, 4 * images)
        seconds: dict[str, list[float]] = {case: [] for case in cases}
        for round_number in range(repeat):
            order = cases if round_number % 2 == 0 else cases[::-1]
            for case in order:
                seconds[case].append(measure(case, large)["seconds"])
        memory = [
            measure("ingest:one worker", folder)["memory_mib"]
            for folder in (small, large)
        ]
    rate = {
        case: 4 * images / statistics.median(taken) for case, taken in seconds.items()
    }
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores;", end=" ")
    print(f"{4 * images} photos {WIDTH_PX}x{HEIGHT_PX}, median of {repeat}")
    for case in cases:
        print(f"{case:<24}{rate[case]:8.1f} images/s")
    floor_gain = rate["floor:2"] / rate["floor:1"]
    print(
        f"one worker / floor         {rate['ingest:one worker'] / rate['floor:1']:.2f}"
    )
    for mode in list(MODES)[1:]:
        gain = rate[f"ingest:{mode}"] / rate["ingest:one worker"]
        print(
            f"gain of {mode:<18} {gain:.2f}, floor's {floor_gain:.2f}:"
            f" {gain / floor_gain:.2f} of it"
        )
    print(
        f"peak memory                {memory[0]:.0f} MiB at {images},"
        f" {memory[1]:.0f} MiB at {4 * images} ({memory[1] / memory[0]:.2f})"
    )


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=200, help="N (%(default)s)")
    parser.add_argument("--repeat", type=int, default=3, help="rounds (%(default)s)")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        measure_here(args.measure, args.folder)
    else:
        report(args.images, args.repeat)


if __name__ == "__main__":
    main()
