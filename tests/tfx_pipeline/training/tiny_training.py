"""Trains on drawn squares; as a program it may kill itself in the middle.

python -m tests.tfx_pipeline.training.tiny_training FOLDER SETTINGS KILL_AFTER
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import numpy as np

from tfx_pipeline.config.trainer_settings import TrainerSettings
from tfx_pipeline.training.backup import Backup
from tfx_pipeline.training.devices import choose_strategy
from tfx_pipeline.training.keep_record import KeepRecord
from tfx_pipeline.training.learner import build_network, compile_learner
from tfx_pipeline.training.numerics import numerics
from tfx_pipeline.training.splits import read_splits
from tfx_pipeline.training.train import train
from tfx_pipeline.training.training_state import Weights


def train_tiny(data: Path, settings: TrainerSettings, work: Path) -> Weights:
    """Trains with a backup that stays; returns the best weights."""
    splits = read_splits(
        [str(data / "Split-train/*")], [str(data / "Split-eval/*")], settings
    )
    with numerics(settings.training):
        with choose_strategy(settings.training).scope():
            learner = compile_learner(
                build_network(settings),
                settings,
                total_steps=splits.total_steps,
                class_pixels=None,
            )
        backup = Backup(folder=str(work / "backup"))
        return train(learner, splits, backup=backup, log_folder=str(work / "logs"))


def kill_after(steps: int) -> None:
    """Makes this process kill itself once it has done so many steps."""
    count_step = KeepRecord.on_train_batch_end
    done = 0

    def count_and_kill(self: KeepRecord, batch: int, logs: object = None) -> None:
        nonlocal done
        count_step(self, batch, logs)
        done += 1
        if done == steps:
            os.kill(os.getpid(), signal.SIGKILL)

    KeepRecord.on_train_batch_end = count_and_kill


if __name__ == "__main__":
    folder, settings_json, steps = sys.argv[1:]
    if int(steps):
        kill_after(int(steps))
    settings = TrainerSettings.from_dict(json.loads(settings_json))
    work = Path(folder, "work")
    best = train_tiny(Path(folder), settings, work)
    np.savez(work / "best.npz", *best)
