"""Seeds, precision and determinism of a training, put back when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import tensorflow as tf

# TensorFlow exports only the switch that turns determinism on.
from tensorflow.python.framework.config import (
    disable_op_determinism,
    is_op_determinism_enabled,
)

from tfx_pipeline.config.training import TrainingConfig


@contextmanager
def numerics(config: TrainingConfig) -> Iterator[None]:
    """Trains inside with the configured seed, precision and determinism.

    All three are switches of the process, and a local run has every node in one: the
    next node finds precision and determinism as they were before.
    """
    policy, was_deterministic = keras.config.dtype_policy(), is_op_determinism_enabled()
    keras.utils.set_random_seed(config.seed)
    keras.config.set_dtype_policy(config.precision)
    if config.deterministic_ops:
        tf.config.experimental.enable_op_determinism()
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)
        if config.deterministic_ops and not was_deterministic:
            disable_op_determinism()
