"""All that a training is made of at a moment, and the way in and out of a backup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from tfx_pipeline.training.backup import Arrays, Backup
from tfx_pipeline.training.learner import Learner
from tfx_pipeline.training.training_record import TrainingRecord

Weights = list[npt.NDArray[Any]]


@dataclass(kw_only=True)
class TrainingState:
    """Learner, record and the best weights so far, which change together.

    Attributes:
        learner: Model, optimizer and metrics.
        record: Finished epochs and the place.
        best_weights: As of `keras.Model.get_weights`; empty before the first epoch.
        running_metrics: Metrics of the epoch that was broken off, until it goes on;
            Keras resets them when an epoch begins.
    """

    learner: Learner
    record: TrainingRecord = field(default_factory=TrainingRecord)
    best_weights: Weights = field(default_factory=list)
    running_metrics: Weights = field(default_factory=list)

    def keep_if_best(self) -> None:
        """Keeps the model's weights where the last epoch is the best."""
        if self.record.is_best_last:
            self.best_weights = self.learner.model.get_weights()

    def save(self, backup: Backup) -> None:
        """Writes everything into the backup."""
        if not backup.folder:
            return
        groups: dict[str, Sequence[Any]] = {
            kind: [keras.ops.convert_to_numpy(variable) for variable in variables]
            for kind, variables in self.learner.variables().items()
        }
        groups["best"] = self.best_weights
        backup.write(_numbered(groups), self.record.to_dict())

    def load(self, backup: Backup) -> bool:
        """Takes everything from the backup; False where none can be used."""
        content = backup.read()
        if content is None:
            return False
        arrays, record = content
        variables = self.learner.variables()
        misfit = _misfit(arrays, variables)
        if misfit:
            backup.report_unusable(misfit)
            return False
        for kind in ("model", "optimizer"):
            for index, variable in enumerate(variables[kind]):
                variable.assign(arrays[f"{kind}/{index}"])
        self.record = TrainingRecord.from_dict(record)
        self.best_weights = _group(arrays, "best")
        self.running_metrics = _group(arrays, "metrics") if self.record.step else []
        return True

    def go_on_counting(self) -> None:
        """Gives the metrics the counts of the epoch that was broken off, once."""
        if self.running_metrics:
            strategy = self.learner.model.distribute_strategy
            variables = self.learner.variables()["metrics"]
            for variable, value in zip(variables, self.running_metrics, strict=True):
                strategy.run(_assign_on_first_device, (variable, value))
        self.running_metrics = []


def _numbered(groups: dict[str, Sequence[Any]]) -> Arrays:
    return {
        f"{kind}/{index}": array
        for kind, arrays in groups.items()
        for index, array in enumerate(arrays)
    }


def _group(arrays: Arrays, kind: str) -> Weights:
    count = sum(name.startswith(f"{kind}/") for name in arrays)
    return [arrays[f"{kind}/{index}"] for index in range(count)]


def _misfit(arrays: Arrays, variables: dict[str, list[keras.Variable]]) -> str:
    """Returns what does not fit the learner, "" where all does."""
    for kind, expected in variables.items():
        shapes = [array.shape for array in _group(arrays, kind)]
        if shapes != [tuple(variable.shape) for variable in expected]:
            return f"its {kind} variables are not those of the configured model"
    return ""


def _assign_on_first_device(variable: keras.Variable, value: npt.NDArray[Any]) -> None:
    """Sets a metric's variable, whose value is the sum over devices.

    Assigned from outside, TensorFlow would divide the value among the devices, and
    whole numbers do not divide.
    """
    context = tf.distribute.get_replica_context()
    is_first = tf.equal(context.replica_id_in_sync_group, 0)
    variable.assign(tf.where(is_first, value, np.zeros_like(value)))
