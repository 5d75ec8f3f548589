"""Gives a trained model scores that hold on the eval split; its masks stay."""

from __future__ import annotations

import posixpath
from dataclasses import replace

import keras

from tfx_pipeline.modeling.scaled_logits import divide_logits
from tfx_pipeline.training.history import HISTORY_FILE, add_to_history
from tfx_pipeline.training.logit_sample import sample_logits
from tfx_pipeline.training.numerics import numerics
from tfx_pipeline.training.say import say
from tfx_pipeline.training.splits import Splits
from tfx_pipeline.training.temperature import Calibration, fit_temperature


def calibrate(model: keras.Model, splits: Splits, log_folder: str) -> Calibration:
    """Fits the temperature on eval and puts it into the model's last linear layer.

    Args:
        model: As it is exported, in 32 bit; its weights are changed.
        splits: The eval split is read once more.
        log_folder: Holds `history.json`, which gets the key `calibration`.
    """
    # Deterministic where the training was: the exported weights depend on it.
    with numerics(replace(splits.settings.training, precision="float32")):
        calibration = fit_temperature(*sample_logits(model, splits))
    divide_logits(model, calibration.temperature)
    path = posixpath.join(log_folder, HISTORY_FILE)
    add_to_history(path, {"calibration": calibration.to_dict()})
    say(calibration_line(calibration))
    return calibration


def calibration_line(calibration: Calibration) -> str:
    """Returns what a person is told."""
    return (
        f"temperature {calibration.temperature:.3f} from {calibration.pixels:,} eval"
        f" pixels: the scores' calibration error is {calibration.ece_after:.3f},"
        f" was {calibration.ece_before:.3f}"
    )
