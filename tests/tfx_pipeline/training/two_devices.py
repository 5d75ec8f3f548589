"""Trains on one and on two of the CPU's logical devices and compares, as JSON.

python -m tests.tfx_pipeline.training.two_devices FOLDER SETTINGS
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import tensorflow as tf

from tests.tfx_pipeline.training.tiny_training import train_tiny
from tfx_pipeline.config.trainer_settings import TrainerSettings


def compare(data: Path, settings: TrainerSettings) -> dict[str, float]:
    """Returns the largest differences of weights and of numbers of the history."""
    weights, epochs = [], []
    for devices in (1, 2):
        training = replace(settings.training, strategy="mirrored", devices=devices)
        work = data / f"{settings.training.loss_over}_{devices}"
        changed = replace(settings, training=training)
        weights.append(
            np.concatenate([w.ravel() for w in train_tiny(data, changed, work)])
        )
        history = json.loads((work / "logs" / "history.json").read_text("utf-8"))
        epochs.append(history["epochs"])
    names = set(epochs[0][0]) - {"seconds"}
    return {
        "weights": float(np.abs(weights[0] - weights[1]).max()),
        "numbers": max(
            abs(one[name] - two[name])
            for one, two in zip(*epochs, strict=True)
            for name in names
        ),
    }


if __name__ == "__main__":
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0],
        [tf.config.LogicalDeviceConfiguration()] * 2,
    )
    folder, *all_settings = sys.argv[1:]
    for text in all_settings:
        settings = TrainerSettings.from_dict(json.loads(text))
        print(json.dumps(compare(Path(folder), settings)))
