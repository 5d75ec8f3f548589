"""Draws what bulk runs read, and reads what they write."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from tests.tfds_builders import drawn_photos as drawn
from tfx_pipeline.cli.main import main

ROOT = Path(__file__).parents[3]
START_S = 300


def carseg(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def draw_many(folder: Path, count: int, seed: int = 0) -> list[Path]:
    """Writes little photos, a bad one now and then."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    files = []
    for index in range(count):
        size = (int(side) for side in random.integers(41, 70, 2))
        data = drawn.encode(drawn.picture(*size), "PNG")
        path = folder / f"{index:04d}.png"
        path.write_bytes(data[:60] if index % 17 == 5 else data)
        files.append(path)
    return files


def contents(folder: Path) -> dict[str, bytes]:
    """Returns all files below a folder but those of the work folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith("."):
            found[name] = path.read_bytes()
    return found


def kill_when_under_way(parts: Path, least: int, *arguments: object) -> int:
    """Starts the command, kills it hard in the middle; returns the finished chunks."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tfx_pipeline.cli.main", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    deadline = time.monotonic() + START_S
    try:
        while process.poll() is None and time.monotonic() < deadline:
            if len(list(parts.glob("part-*.jsonl"))) >= least:
                break
            time.sleep(0.002)
    finally:
        process.kill()
    assert process.wait() == -signal.SIGKILL
    return len(list(parts.glob("part-*.jsonl")))
