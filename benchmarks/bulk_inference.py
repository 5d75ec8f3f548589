"""`carseg predict-all` against bare batched prediction: photos/s, and peak memory.

    python benchmarks/bulk_inference.py [--model DIR] [--photos DIR] [--count N]

Bare is the floor: one process that reads files and calls `serving_default` for as many
at once, and throws the answers away. Both are timed from the end of their first chunk,
so that neither imports nor the model's loading count, to the end of the command: with
masks, tables and COCO joined. Rounds are interleaved, the order turns every round, and
medians are printed. A last round takes four times as many photos: it shows that memory
is flat, and how much of the CPU a photo takes when imports are left out, which needs a
--count of hundreds to mean something. Photos are links to a few files. Without --model
the demo's U-Net is exported untrained, without --photos eight of 1918 x 1280 are drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
BATCH, CHUNK = 8, 64  # the command's own
DRAWN = 8
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}


def repeat_photos(sources: list[Path], folder: Path, count: int) -> Path:
    """Returns a folder with so many photos that are links to a few."""
    folder.mkdir()
    for index in range(count):
        source = sources[index % len(sources)]
        (folder / f"{index:06d}{source.suffix}").symlink_to(source.resolve())
    return folder


def ask_bare(model: str, photos: str) -> None:
    """The floor, in a process of its own; prints photos/s after the first chunk."""
    import tensorflow as tf

    loaded = tf.saved_model.load(model)
    signature = loaded.signatures["serving_default"]
    files = sorted(Path(photos).iterdir())
    start = 0.0
    for first in range(0, len(files), BATCH):
        if first == CHUNK:
            start = time.perf_counter()
        batch = [file.read_bytes() for file in files[first : first + BATCH]]
        answer = signature(image_bytes=tf.constant(batch, tf.string))
        answer["mask_png_bytes"].numpy()
    print((len(files) - CHUNK) / (time.perf_counter() - start))


@dataclass(frozen=True)
class Run:
    """What a process took.

    Attributes:
        rate: Photos/s from the end of the first chunk.
        cpu_s: Of all of it, imports too.
        memory_mb: The most that was resident.
    """

    rate: float
    cpu_s: float
    memory_mb: float


def time_bare(model: Path, photos: Path, work: Path) -> Run:
    """Runs the floor."""
    command = [sys.executable, __file__, "--bare", str(model), str(photos)]
    with tempfile.TemporaryFile("w+", dir=work) as out:
        _, usage = run_command(command, stdout=out)
        out.seek(0)
        rate = float(out.read().split()[-1])
    return Run(rate, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def time_bulk(model: Path, photos: Path, work: Path) -> Run:
    """Runs the command."""
    out = Path(tempfile.mkdtemp(dir=work))
    command = [
        *(sys.executable, "-m", "tfx_pipeline.cli.main", "predict-all"),
        *("--model", str(model), "--images", str(photos), "--out", str(out)),
        *("--batch", str(BATCH), "--chunk", str(CHUNK)),
    ]
    end, usage = run_command(command, stdout=subprocess.DEVNULL)
    start = (out / ".carseg-predict-all/part-000000.jsonl").stat().st_mtime
    rate = (len(list(photos.iterdir())) - CHUNK) / (end - start)
    return Run(rate, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def run_command(command: list[str], stdout: Any) -> tuple[float, Any]:
    """Returns when a command ended, and what it used."""
    process = subprocess.Popen(
        command, env=environment(), stderr=subprocess.DEVNULL, stdout=stdout
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed; run it to see why")
    return time.time(), usage


def environment() -> dict[str, str]:
    """Returns this environment, ours importable, without TensorFlow's greetings."""
    return os.environ | QUIET | {"PYTHONPATH": str(ROOT)}


WAYS = {"bare": time_bare, "bulk": time_bulk}


def measure(
    model: Path, sources: list[Path], count: int, rounds: int
) -> dict[str, dict[int, list[Run]]]:
    """Returns the runs of each way by the number of photos."""
    runs: dict[str, dict[int, list[Run]]] = {way: {} for way in WAYS}
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        few = repeat_photos(sources, work / "few", count)
        many = repeat_photos(sources, work / "many", 4 * count)
        for number in range(rounds + 1):
            # The last round is the long one.
            photos, size = (few, count) if number < rounds else (many, 4 * count)
            for way in list(WAYS)[:: 1 if number % 2 == 0 else -1]:
                run = WAYS[way](model, photos, work)
                runs[way].setdefault(size, []).append(run)
                print(f"  {way}, {size} photos: {run}", file=sys.stderr)
    return runs


def report(runs: dict[str, dict[int, list[Run]]], count: int) -> None:
    """Prints medians, ratios and memory."""
    rates, cpus = {}, {}
    for way, by_size in runs.items():
        rates[way] = statistics.median(run.rate for run in by_size[count])
        few = statistics.median(run.cpu_s for run in by_size[count])
        cpus[way] = (by_size[4 * count][0].cpu_s - few) / (3 * count)
        memory = [by_size[size][0].memory_mb for size in (count, 4 * count)]
        print(
            f"{way}: {rates[way]:7.2f} photos/s, {cpus[way] * 1000:6.1f} ms of CPU a"
            f" photo, {memory[0]:.0f} MB of {count} and {memory[1]:.0f} MB of"
            f" {4 * count} photos"
        )
    print(f"ratio of photos/s {rates['bulk'] / rates['bare']:.2f}")
    print(f"ratio of CPU, bare to bulk {cpus['bare'] / cpus['bulk']:.2f}")


def choose_model(work: Path, given: Path | None) -> Path:
    """Returns the SavedModel that was given, or the demo's network, untrained."""
    if given is None:
        from benchmarks.serving import export_models

        return export_models(work)["demo's U-Net"]
    from tfx_pipeline.cli.predict_model import find_model
    from tfx_pipeline.config.usage_error import UsageError

    try:
        return find_model(str(given)).path
    except UsageError as err:
        raise SystemExit(str(err)) from err


def find_photos(work: Path, photos: Path | None) -> list[Path]:
    """Returns the photos of a folder, or drawn ones."""
    if photos is not None:
        return sorted(path for path in photos.iterdir() if path.is_file())
    from benchmarks.serving import draw_photo

    files = [work / f"{index}.jpg" for index in range(DRAWN)]
    for index, file in enumerate(files):
        file.write_bytes(draw_photo(1280 - index, 1918))
    return files


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--model",
        type=Path,
        help="SavedModel, or its base folder of versions, instead of the demo's",
    )
    parser.add_argument("--photos", type=Path, help="folder instead of drawn photos")
    parser.add_argument("--count", type=int, default=256, help="(%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="(%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON line too")
    parser.add_argument("--bare", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.bare:
        ask_bare(*args.bare)
        return
    sys.path[0] = str(ROOT)  # was this file's folder
    os.environ.update(QUIET)
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores; batches of {BATCH}")
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        found = measure(
            choose_model(work / "model", args.model),
            find_photos(work, args.photos),
            args.count,
            args.rounds,
        )
    report(found, args.count)
    if args.json:
        print(json.dumps(found, default=vars))


if __name__ == "__main__":
    main()
