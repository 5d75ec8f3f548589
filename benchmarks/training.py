"""Training against the plain way of doing the same: steps/s, pictures/s and memory.

    python benchmarks/training.py [--repeat R] [--size PX] [--torch-python PATH]

Measures, each in a process of its own, round by round in turns:
the loop of `run_fn` (files, backups, logs) against a bare `model.fit` on tensors in
memory; our input pipeline against decoding the same PNG files in a bare loop on all
cores; the step with XLA and with oneDNN (which TensorFlow leaves off on CPUs without
AVX512_VNNI unless TF_ENABLE_ONEDNN_OPTS=1) against the step without; the step of `unet`
against the same network in PyTorch, where the Python of an environment with it is
given; peak memory at N and 4 N pictures.
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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

BATCH, PICTURES, EVAL_PICTURES = 8, 96, 16
EPOCHS = 4  # the first one also compiles and does not count
MEMORY_PICTURES = (1024, 4096)  # more than the shuffle's window
MEMORY_SIZE_PX = 128
PASSES = 5  # over the pictures, for the input pipeline
STEPS = ["step", "step with XLA", "step with oneDNN"]
TAXONOMY = {
    "background_id": 0,
    "classes": [
        {"id": 0, "name": "background", "rgb": [0, 0, 0]},
        {"id": 1, "name": "car", "rgb": [0, 0, 142]},
    ],
}


def draw_pairs(count: int, size_px: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Draws pictures that compress like photos, and masks of one rectangle."""
    import cv2

    for index in range(count):
        rng = np.random.default_rng(index)
        coarse = rng.integers(0, 256, (size_px // 8, size_px // 8, 3), np.uint8)
        image = cv2.resize(coarse, (size_px, size_px), interpolation=cv2.INTER_CUBIC)
        noise = rng.integers(0, 9, image.shape, np.uint8)
        mask = np.zeros((size_px, size_px), np.uint8)
        top, left = rng.integers(0, size_px // 2, 2)
        mask[top : top + size_px // 2, left : left + size_px // 2] = 1
        yield np.minimum(image, 240) + noise, mask


def write_split(folder: Path, split: str, count: int, size_px: int) -> str:
    """Writes a split as Transform does; returns its pattern."""
    import tensorflow as tf

    def feature(value: bytes) -> tf.train.Feature:
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))

    target = folder / f"Split-{split}"
    target.mkdir(parents=True)
    with tf.io.TFRecordWriter(str(target / "examples.gz"), "GZIP") as writer:
        for index, (image, mask) in enumerate(draw_pairs(count, size_px)):
            features = {
                "image": feature(tf.io.encode_png(image, 1).numpy()),
                "mask": feature(tf.io.encode_png(mask[..., np.newaxis], 1).numpy()),
                "example_id": feature(str(index).encode()),
                "copy": tf.train.Feature(int64_list=tf.train.Int64List(value=[0])),
            }
            example = tf.train.Example(features=tf.train.Features(feature=features))
            writer.write(example.SerializeToString())
    return str(target / "*")


def settings_of(size_px: int, **training: object):
    """Returns the settings that all measurements share."""
    from tfx_pipeline.config.augment import AugmentConfig
    from tfx_pipeline.config.prepare import PrepareConfig
    from tfx_pipeline.config.trainer_settings import TrainerSettings
    from tfx_pipeline.config.training import TrainingConfig

    prepare = PrepareConfig(
        height_px=size_px, width_px=size_px, augment=AugmentConfig(where="none")
    )
    training = {"epochs": EPOCHS, "batch_size": BATCH} | training
    return TrainerSettings(
        taxonomy=TAXONOMY,
        prepare=prepare,
        training=TrainingConfig(**training),
        flip_ids=(0, 1),
    )


def learner_of(settings, total_steps: int):
    """Returns the compiled network as `run_fn` makes it."""
    from tfx_pipeline.training.learner import build_network, compile_learner

    return compile_learner(
        build_network(settings), settings, total_steps=total_steps, class_pixels=None
    )


def splits_of(folder: Path, settings):
    """Returns the splits below a folder."""
    from tfx_pipeline.training.splits import read_splits

    patterns = ([str(folder / f"Split-{split}/*")] for split in ("train", "eval"))
    return read_splits(*patterns, settings)


def run_loop(folder: Path, settings) -> float:
    """Returns the median seconds of an epoch of our loop, evaluation included."""
    from tfx_pipeline.training.backup import Backup
    from tfx_pipeline.training.train import train

    splits = splits_of(folder, settings)
    with tempfile.TemporaryDirectory() as out:
        learner = learner_of(settings, splits.total_steps)
        train(learner, splits, backup=Backup(folder=f"{out}/backup"), log_folder=out)
        history = json.loads(Path(out, "history.json").read_text())
    return statistics.median(epoch["seconds"] for epoch in history["epochs"][1:])


def run_bare_fit(size_px: int) -> float:
    """Returns the same of `model.fit` on tensors in memory: the floor."""
    pairs = list(draw_pairs(PICTURES + EVAL_PICTURES, size_px))
    images, masks = (np.stack(arrays) for arrays in zip(*pairs, strict=True))
    held_out = (images[PICTURES:], masks[PICTURES:])
    model = learner_of(settings_of(size_px), EPOCHS * PICTURES // BATCH).model
    return timed_fit(
        model, images[:PICTURES], masks[:PICTURES], validation_data=held_out
    )


def run_step(size_px: int, *, jit_compile: bool) -> float:
    """Returns the seconds of a training step on tensors in memory."""
    pairs = list(draw_pairs(PICTURES, size_px))
    images, masks = (np.stack(arrays) for arrays in zip(*pairs, strict=True))
    steps = PICTURES // BATCH
    model = learner_of(settings_of(size_px), EPOCHS * steps).model
    model.jit_compile = jit_compile
    return timed_fit(model, images, masks) / steps


def timed_fit(model, *arrays: np.ndarray, **options) -> float:
    """Returns the median seconds of an epoch."""
    import keras

    class Clock(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.started = time.perf_counter()

        def on_epoch_end(self, epoch, logs=None):
            seconds.append(time.perf_counter() - self.started)

    seconds: list[float] = []
    fixed = {"batch_size": BATCH, "epochs": EPOCHS, "verbose": 0}
    model.fit(*arrays, callbacks=[Clock()], **fixed, **options)
    return statistics.median(seconds[1:])


def run_input(folder: Path, settings) -> float:
    """Returns the seconds that our pipeline takes for a pass over the pictures."""
    splits = splits_of(folder, settings)
    steps = iter(splits.stream(0, 0))
    next(steps)  # starts the threads
    started = time.perf_counter()
    count = sum(1 for _ in steps)
    return (time.perf_counter() - started) / count * PICTURES / BATCH


def run_bare_decoding(folder: Path) -> float:
    """Returns the seconds for decoding the same files on all cores: the floor."""
    import cv2
    import tensorflow as tf

    cv2.setNumThreads(1)
    files = []
    for row in tf.data.TFRecordDataset(
        str(folder / "Split-train/examples.gz"), "GZIP"
    ).as_numpy_iterator():
        feature = tf.train.Example.FromString(row).features.feature
        for name, flag in (
            ("image", cv2.IMREAD_COLOR),
            ("mask", cv2.IMREAD_GRAYSCALE),
        ):
            data = np.frombuffer(feature[name].bytes_list.value[0], np.uint8)
            files.append((data, flag))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        started = time.perf_counter()
        for _ in pool.map(lambda file: cv2.imdecode(*file), files * PASSES):
            pass
        return (time.perf_counter() - started) / PASSES


def run_memory(folder: Path) -> float:
    """Returns the peak memory of a process that trains on a folder, in MiB."""
    from tfx_pipeline.config.model import ModelConfig

    settings = settings_of(MEMORY_SIZE_PX, epochs=2, batch_size=32)
    run_loop(folder, replace(settings, model=ModelConfig(depth=1, base_width=4)))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def draw(folder: Path, count: int, size_px: int) -> None:
    """Writes both splits."""
    write_split(folder, "train", count, size_px)
    write_split(folder, "eval", EVAL_PICTURES, size_px)


def measure_here(what: str, folder: Path, size_px: int) -> float:
    """Returns the number of one measurement."""
    if what.startswith("draw:"):
        draw(folder, int(what.removeprefix("draw:")), size_px)
        return 0.0
    return {
        "loop": lambda: run_loop(folder, settings_of(size_px)),
        "bare fit": lambda: run_bare_fit(size_px),
        "step": lambda: run_step(size_px, jit_compile=False),
        "step with XLA": lambda: run_step(size_px, jit_compile=True),
        "step with oneDNN": lambda: run_step(size_px, jit_compile=False),
        "input": lambda: run_input(folder, settings_of(size_px, epochs=PASSES + 1)),
        "bare decoding": lambda: run_bare_decoding(folder),
        "memory": lambda: run_memory(folder),
    }[what]()


def measure(what: str, folder: Path, size_px: int) -> float:
    """Runs one measurement in a fresh process."""
    arguments = ["--measure", what, "--folder", str(folder), "--size", str(size_px)]
    onednn = {"TF_ENABLE_ONEDNN_OPTS": "1"} if "oneDNN" in what else {}
    return run([sys.executable, __file__, *arguments], **onednn)


def run(command: list[str], **environment: str) -> float:
    """Returns the number in a program's last line."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"} | environment,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return float(done.stdout.splitlines()[-1])


def report(repeat: int, size_px: int, torch_python: str | None) -> None:
    """Measures all, round by round, and prints numbers and ratios."""
    cases = ["loop", "bare fit", "input", "bare decoding", *STEPS]
    plain = Path(__file__).with_name("unet_in_torch.py")
    torch_command = [str(part) for part in (plain, size_px, BATCH, 2 * EPOCHS)]
    taken: dict[str, list[float]] = {case: [] for case in [*cases, "torch"]}
    with tempfile.TemporaryDirectory() as work:
        pictures = Path(work, "pictures")
        measure(f"draw:{PICTURES}", pictures, size_px)
        for round_number in range(repeat):
            for case in cases if round_number % 2 == 0 else cases[::-1]:
                taken[case].append(measure(case, pictures, size_px))
            if torch_python:
                taken["torch"].append(run([torch_python, *torch_command]))
        memory = []
        for count in MEMORY_PICTURES:
            folder = Path(work, str(count))
            measure(f"draw:{count}", folder, MEMORY_SIZE_PX)
            memory.append(measure("memory", folder, MEMORY_SIZE_PX))
    print_report({case: values for case, values in taken.items() if values}, memory)
    print(f"{PICTURES} pictures of {size_px} px, batch {BATCH}, median of {repeat}")


def print_report(taken: dict[str, list[float]], memory: list[float]) -> None:
    """Prints medians, then ratios: above 1 is faster than what stands behind `/`."""
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, TensorFlow on CPU")
    median = {case: statistics.median(values) for case, values in taken.items()}
    for case, seconds in median.items():
        rounds = ", ".join(f"{value:.3f}" for value in taken[case])
        print(f"{case:<18}{seconds:8.3f} s   ({rounds})")
    pairs = [
        ("loop", "bare fit"),
        ("input", "bare decoding"),
        ("step with XLA", "step"),
    ]
    for ours, floor in [*pairs, *[("step", "torch")] * ("torch" in median)]:
        print(f"{f'{ours} / {floor}':<28}{median[floor] / median[ours]:.2f}")
    print(
        f"peak memory {memory[0]:.0f} MiB at {MEMORY_PICTURES[0]} pictures,"
        f" {memory[1]:.0f} MiB at {MEMORY_PICTURES[1]} ({memory[1] / memory[0]:.2f})"
    )


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3, help="rounds (%(default)s)")
    parser.add_argument("--size", type=int, default=192, help="px (%(default)s)")
    parser.add_argument("--torch-python", help="of an environment with PyTorch")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        print(measure_here(args.measure, args.folder, args.size))
    else:
        report(args.repeat, args.size, args.torch_python)


if __name__ == "__main__":
    main()
