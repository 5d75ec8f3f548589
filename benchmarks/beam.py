"""The pipeline's Beam work with one and two workers: photos/s, and memory.

    python -m benchmarks.beam [--photos N] [--repeat R]

Draws photos of 800 x 600 with masks. Ingest, Transform and evaluation work on a set
and on one four times as large, through a job service and one or two external workers,
which is how a cluster does it too. The smaller set has N photos for the evaluation, of
which it reads one split, 4 N for Transform and 5 N for the ingest. What a job costs
however small it is stands beside the rate, which is that of the photos by which the
sets differ. Imports are not timed.

Beside it, `multiprocessing.Pool` does the same arithmetic photo by photo with one and
with two processes on the larger sets; a worker or process has a core of its own. Two
workers should gain at least 0.9 of what two processes gain, and the memory of a worker
should not grow with the set.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks import beam_photos, beam_plain, beam_work
from benchmarks.beam_pools import Engine, engine, worker_cores
from tfx_pipeline.config.beam import BeamConfig

MIN_GAIN_RATIO = 0.9
STAGES = {"ingest": 5, "transform": 4, "evaluation": 1}  # times N photos
TIMES = 4  # as many in the larger set
PLAIN = {
    "ingest": beam_plain.plain_ingest,
    "transform": beam_plain.plain_transform,
    "evaluation": beam_plain.plain_evaluation,
}
SETS = ("small", "large")
MIN_PHOTOS = 8  # so that every split has some

_WORK: dict[str, Callable[[Any], None]] = {}  # of a process of the Pool

Case = tuple[str, str]  # stage, set
Measured = dict[str, float]


class Sets:
    """Drawn photos, their records, and the model."""

    def __init__(self, folder: Path, photos: int) -> None:
        self._folder = folder
        self.sizes = {
            stage: (times * photos, TIMES * times * photos)
            for stage, times in STAGES.items()
        }
        needed = sorted({size for pair in self.sizes.values() for size in pair})
        beam_photos.draw_folder(self._photos(needed[-1]), needed[-1])
        for size in needed[:-1]:
            beam_photos.take_some(self._photos(needed[-1]), self._photos(size), size)
        for size in {*self.sizes["transform"], *self.sizes["evaluation"]}:
            beam_work.run_ingest(
                self._photos(size), self._ingested(size), BeamConfig().pipeline_args()
            )
        self.model = folder / "model"
        beam_work.export_network(self.model)

    def _photos(self, size: int) -> Path:
        return self._folder / f"photos_{size}"

    def _ingested(self, size: int) -> Path:
        return self._folder / f"ingested_{size}"

    def run(self, stage: str, size: int, flags: list[str]) -> float:
        """Returns the seconds of a node's Beam work."""
        out = Path(tempfile.mkdtemp(dir=self._folder))
        records = self._ingested(size) / "records"
        started = time.perf_counter()
        if stage == "ingest":
            beam_work.run_ingest(self._photos(size), out, flags)
        elif stage == "transform":
            beam_work.run_transform(records, out, flags)
        else:
            beam_work.run_evaluation(records, self.model, out, flags)
        seconds = time.perf_counter() - started
        shutil.rmtree(out)
        return seconds

    def items(self, stage: str, size: int) -> list[Any]:
        """Returns what the stage works on in a set, one entry for each photo."""
        if stage == "ingest":
            return beam_plain.sources(self._photos(size))
        splits = [beam_work.EVALUATED] if stage == "evaluation" else beam_work.SPLITS
        return beam_plain.serialized(self._ingested(size) / "records", splits)

    def counts(self, stage: str) -> tuple[int, int]:
        """Returns how many photos the stage works on in the smaller and larger set."""
        if stage != "evaluation":
            return self.sizes[stage]
        few, many = (len(self.items(stage, size)) for size in self.sizes[stage])
        return few, many


def measure_beam(sets: Sets, running: Engine) -> Iterator[tuple[Case, Measured]]:
    """Yields seconds and peaks by stage and set, the smaller set first."""
    flags = running.flags()
    beam_work.load_libraries(flags)
    for stage in STAGES:
        for which, size in zip(SETS, sets.sizes[stage], strict=True):
            running.forget_peaks()
            seconds = sets.run(stage, size, flags)
            yield (stage, which), {"seconds": seconds, **running.peaks_mib()}


def measure_pool(sets: Sets, processes: int) -> dict[str, float]:
    """Returns the photos per second of `multiprocessing.Pool` by stage."""
    items = {stage: sets.items(stage, sets.sizes[stage][1]) for stage in STAGES}
    firsts = {stage: entries[0] for stage, entries in items.items()}
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(processes + 1)
    cores = context.Queue()
    for core in worker_cores(processes):
        cores.put(core)
    rates = {}
    arguments = (cores, sets.model, firsts, ready)
    with context.Pool(processes, _start, arguments) as pool:
        ready.wait()
        for stage, entries in items.items():
            started = time.perf_counter()
            tasks = [(stage, entry) for entry in entries]
            pool.map(_do, tasks, chunksize=beam_work.PHOTOS_A_FILE)
            rates[stage] = len(tasks) / (time.perf_counter() - started)
    return rates


def _start(cores: Any, model: Path, firsts: dict[str, Any], ready: Any) -> None:
    os.sched_setaffinity(0, {cores.get()})
    for stage, plain in PLAIN.items():
        _WORK[stage] = plain(model)
        _WORK[stage](firsts[stage])
    ready.wait()


def _do(task: tuple[str, Any]) -> None:
    stage, item = task
    _WORK[stage](item)


def report(photos: int, repeat: int) -> None:
    """Measures round by round and prints a table."""
    beam: dict[Any, list[float]] = defaultdict(list)
    plain: dict[Any, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        sets = Sets(Path(folder), photos)
        counts = {stage: sets.counts(stage) for stage in STAGES}
        for number in range(repeat):
            for workers in (1, 2) if number % 2 == 0 else (2, 1):
                with engine(workers) as running:
                    for case, measured in measure_beam(sets, running):
                        for name, value in measured.items():
                            key = (*case, workers, name)
                            beam[key].append(value)
                for stage, rate in measure_pool(sets, workers).items():
                    plain[stage, workers].append(rate)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores; N = {photos}, {repeat} rounds"
    )
    print(f"seconds of the sets: {_seconds(beam)}")
    _print_table(_medians(beam), _medians(plain), counts)


def _print_table(
    beam: Mapping[Any, float],
    plain: Mapping[Any, float],
    counts: Mapping[str, tuple[int, int]],
) -> None:
    print(
        f"{'':12}{'workers':>8}{'photos/s':>10}{'a job, s':>10}{'Pool, /s':>10}"
        f"{'worker MiB':>14}{'main':>7}{'service':>9}"
    )
    rates = {}
    for stage, (few, many) in counts.items():
        for workers in (1, 2):
            small, large = (beam[stage, one, workers, "seconds"] for one in SETS)
            rate = rates[stage, workers] = (many - few) / (large - small)
            held = [beam[stage, one, workers, "worker"] for one in SETS]
            print(
                f"{stage:12}{workers:8}{rate:10.1f}{small - few / rate:10.1f}"
                f"{plain[stage, workers]:10.1f}{held[0]:7.0f}{held[1]:7.0f}"
                f"{beam[stage, 'large', workers, 'main']:7.0f}"
                f"{beam[stage, 'large', workers, 'service']:9.0f}"
            )
    for stage in counts:
        gain = rates[stage, 2] / rates[stage, 1]
        bound = plain[stage, 2] / plain[stage, 1]
        print(
            f"{stage}: two workers gain {gain:.2f}, two processes {bound:.2f}:"
            f" {gain / bound:.2f} of it"
        )
    print(f"bar: {MIN_GAIN_RATIO} of it; worker MiB of both sets alike")


def _seconds(beam: Mapping[Any, list[float]]) -> str:
    return ", ".join(
        f"{stage} {which} {workers}: {' '.join(f'{value:.1f}' for value in values)}"
        for (stage, which, workers, name), values in beam.items()
        if name == "seconds"
    )


def _medians(found: dict[Any, list[float]]) -> dict[Any, float]:
    return {key: statistics.median(values) for key, values in found.items()}


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=56, help="N (%(default)s)")
    parser.add_argument("--repeat", type=int, default=1, help="rounds (%(default)s)")
    args = parser.parse_args()
    if args.photos < MIN_PHOTOS:
        parser.error(f"--photos must be {MIN_PHOTOS} or more, got {args.photos}")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Else the workers outlive a benchmark that is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    report(args.photos, args.repeat)


if __name__ == "__main__":
    main()
