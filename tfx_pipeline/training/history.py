"""The file `history.json`: a training's numbers for people and later programs."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from tfx_pipeline.training.training_record import Epoch, TrainingRecord

HISTORY_FILE = "history.json"


def describe_history(record: TrainingRecord, parameters: int) -> dict[str, Any]:
    """Returns the content; what is no number (an absent class) becomes null.

    Args:
        record: Of a training with at least one epoch.
        parameters: Of the network.
    """
    assert record.best is not None, "a training has at least one epoch"
    return {
        "epochs": [_json_numbers(epoch) for epoch in record.epochs],
        "best_epoch": record.best + 1,
        "best_eval_miou": record.epochs[record.best]["eval_miou"],
        "seconds": record.seconds,
        "resumed_at": record.resumed_at,
        "parameters": parameters,
        "versions": {
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
        },
    }


def write_history(history: dict[str, Any], path: str) -> None:
    """Writes the JSON, also to a remote file system."""
    with tf.io.gfile.GFile(path, "w") as out:
        out.write(json.dumps(history, indent=2, allow_nan=False) + "\n")


def add_to_history(path: str, facts: Mapping[str, Any]) -> None:
    """Adds what is known only after the training, beside what the file holds."""
    with tf.io.gfile.GFile(path) as file:
        history = json.loads(file.read())
    write_history(history | dict(facts), path)


def _json_numbers(epoch: Epoch) -> dict[str, float | None]:
    return {
        name: value if math.isfinite(value) else None for name, value in epoch.items()
    }
