"""What Keras' own loop needs to run on several devices and workers (Keras 3.12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

Step = Callable[[Any], Any]


def prepare_for_strategy(model: keras.Model) -> None:
    """Lets `fit` and `evaluate` of a compiled model run under its strategy.

    Every variable must exist already: Keras would build them from a first batch, which
    reads the input twice and fails on several workers. There it also averages the
    numbers of a step over their first axis, which scalars do not have.

    Args:
        model: Compiled, its optimizer and metrics built; without a strategy it stays
            as it is.
    """
    if not tf.distribute.has_strategy():
        return
    model._maybe_symbolic_build = _build_nothing
    if isinstance(model.distribute_strategy, tf.distribute.MultiWorkerMirroredStrategy):
        model.train_step = _with_rows(model.train_step)
        model.test_step = _with_rows(model.test_step)


def _build_nothing(**_: Any) -> None:
    pass


def _with_rows(step: Step) -> Step:
    def step_with_rows(data: Any) -> Any:
        return tf.nest.map_structure(lambda value: tf.reshape(value, [1]), step(data))

    return step_with_rows
