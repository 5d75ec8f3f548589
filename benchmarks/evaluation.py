"""The evaluation's measures in Beam against the same measures in a bare loop.

    python benchmarks/evaluation.py [--photos N] [--repeat R] [--side PX]

Draws N and 4 N photos' masks (true, predicted, confidence; PNG files), then measures in
turn, each in a process of its own: a bare loop over the PNGs with the same NumPy
functions; TFMA with our metric, the whole and two slices, one worker; and, to see what
the measures cost, a bare loop that only fills the confusion matrix. Rates are medians
of R rounds; TFMA's should be at least 0.6 of the loop with the same measures. Peak
memory is taken at N and 4 N photos and should not grow. Imports are not timed.
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MIN_RATIO = 0.6
CLASSES = 8
CONTENDERS = ("bare loop", "TFMA", "confusion matrix alone")
TAXONOMY = {
    "background_id": 0,
    "classes": [{"id": index, "name": f"part {index}"} for index in range(CLASSES)],
}

PICTURES = ("truth", "prediction", "confidence")

Pngs = tuple[bytes, ...]


def draw_pngs(count: int, side_px: int) -> Iterator[Pngs]:
    """Draws blocks of parts, the same a few pixels off, and a confidence."""
    import cv2
    import numpy as np

    for index in range(count):
        rng = np.random.default_rng(index)
        coarse = rng.integers(0, CLASSES, (8, 8)).astype(np.uint8)
        truth = cv2.resize(coarse, (side_px, side_px), interpolation=cv2.INTER_NEAREST)
        truth[:2] = 255
        shift = rng.integers(1, 6, 2)
        prediction = np.roll(np.minimum(truth, CLASSES - 1), shift, (0, 1))
        confidence = cv2.resize(
            rng.integers(128, 256, (16, 16)).astype(np.uint8), (side_px, side_px)
        )
        pictures = (truth, prediction, confidence)
        yield tuple(cv2.imencode(".png", one)[1].tobytes() for one in pictures)


def write_pngs(folder: Path, count: int, side_px: int) -> None:
    """Writes the three files of each photo."""
    for index, pngs in enumerate(draw_pngs(count, side_px)):
        for name, png in zip(PICTURES, pngs, strict=True):
            (folder / f"{index}.{name}.png").write_bytes(png)


def read_pngs(folder: Path, index: int) -> Pngs:
    """Reads them back; every contender does, so that none has them for nothing."""
    return tuple((folder / f"{index}.{name}.png").read_bytes() for name in PICTURES)


def run_loop(folder: Path, photos: int) -> float:
    """Returns the seconds of the plain loop with all measures."""
    from components.segmentation_metrics.class_names import ClassNames
    from components.segmentation_metrics.mask_png import decode_mask_png
    from components.segmentation_metrics.measure import PhotoMasks
    from components.segmentation_metrics.measurement import Measuring
    from components.segmentation_metrics.standard_measures import standard_measures

    classes = ClassNames.from_taxonomy(TAXONOMY)
    measuring = Measuring(classes=classes, measures=standard_measures(classes))
    started = time.perf_counter()
    total = measuring.nothing()
    for index in range(photos):
        truth, prediction, confidence = read_pngs(folder, index)
        photo = PhotoMasks(
            truth=decode_mask_png(truth, "true mask"),
            prediction=decode_mask_png(prediction, "predicted mask"),
            confidence=decode_mask_png(confidence, "confidence picture"),
        )
        total.add(measuring.of_photo(photo, _group(index)))
    total.numbers()
    total.sums.replicates()
    return time.perf_counter() - started


def run_matrix(folder: Path, photos: int) -> float:
    """Returns the seconds of a loop that fills the confusion matrix alone."""
    from components.segmentation_metrics.confusion import confusion_matrix
    from components.segmentation_metrics.mask_png import decode_mask_png

    started = time.perf_counter()
    total = 0
    for index in range(photos):
        masks = [decode_mask_png(png, "mask") for png in read_pngs(folder, index)[:2]]
        total = total + confusion_matrix(*masks, num_classes=CLASSES)
    return time.perf_counter() - started


def run_tfma(folder: Path, photos: int) -> float:
    """Returns the seconds of TFMA's own evaluator with our metric."""
    import apache_beam as beam
    import numpy as np
    import tensorflow_model_analysis as tfma
    from tensorflow_model_analysis.evaluators import (
        metrics_plots_and_validations_evaluator,
    )

    from components.segmentation_metrics.eval_config import eval_config

    config = eval_config(task="parts", taxonomy=TAXONOMY, slice_features=("view",))
    evaluator = metrics_plots_and_validations_evaluator
    step = evaluator.MetricsPlotsAndValidationsEvaluator(eval_config=config)

    def to_extracts(index: int) -> dict[str, Any]:
        truth, prediction, confidence = read_pngs(folder, index)
        answers = {"mask_png_bytes": prediction, "confidence_png_bytes": confidence}
        features = {"mask/parts": truth, "group_id": _group(index)}
        view = f"view {index % 2}"
        return {
            "features": {key: np.array([x], object) for key, x in features.items()},
            "predictions": {key: np.array([x], object) for key, x in answers.items()},
            tfma.SLICE_KEY_TYPES_KEY: ((), (("view", view),)),
        }

    options = beam.options.pipeline_options.PipelineOptions(
        ["--direct_running_mode=in_memory", "--direct_num_workers=1"]
    )
    started = time.perf_counter()
    with beam.Pipeline("DirectRunner", options) as pipeline:
        _ = (
            pipeline
            | beam.Create(range(photos))
            | beam.Map(to_extracts)
            | step.ptransform
        )
    return time.perf_counter() - started


RUNS = dict(zip(CONTENDERS, (run_loop, run_tfma, run_matrix), strict=True))


def _group(index: int) -> bytes:
    return f"car {index // 4}".encode()


def measure_here(what: str, count: int, side_px: int) -> dict[str, float]:
    """Measures in this process, after one short round that warms up."""
    with tempfile.TemporaryDirectory() as folder:
        write_pngs(Path(folder), count, side_px)
        RUNS[what](Path(folder), 4)
        seconds = RUNS[what](Path(folder), count)
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"photos_per_s": count / seconds, "peak_mib": peak_kib / 1024}


def measure(what: str, count: int, side_px: int) -> dict[str, float]:
    """Measures in a fresh process."""
    task = json.dumps([what, count, side_px])
    done = subprocess.run(
        [sys.executable, __file__, "--measure", task],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    if done.returncode:
        raise SystemExit(f"{what} failed:\n{done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measures all and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=100, help="N (%(default)s)")
    parser.add_argument("--repeat", type=int, default=3, help="rounds (%(default)s)")
    parser.add_argument("--side", type=int, default=512, help="pixels (%(default)s)")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        print(json.dumps(measure_here(*json.loads(args.measure))))
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, {args.side} px masks")
    many = 4 * args.photos
    found: dict[str, list[dict[str, float]]] = {what: [] for what in CONTENDERS}
    for _ in range(args.repeat):
        for what in CONTENDERS:
            found[what].append(measure(what, many, args.side))
    few = measure("TFMA", args.photos, args.side)
    base = 0.0
    print(f"{'':24} {'photos/s':>9} {'ratio':>6} {'peak MiB':>9}")
    for what in CONTENDERS:
        rate = statistics.median(one["photos_per_s"] for one in found[what])
        peak = statistics.median(one["peak_mib"] for one in found[what])
        base = base or rate
        print(f"{what:24} {rate:9.1f} {rate / base:6.2f} {peak:9.0f}")
    print(f"TFMA's peak at {args.photos} photos: {few['peak_mib']:.0f} MiB")
    print(f"bar: TFMA at least {MIN_RATIO} of the bare loop")


if __name__ == "__main__":
    main()
