from __future__ import annotations

import keras
import numpy as np
import pytest
from tensorflow.python.framework.config import is_op_determinism_enabled

from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.training.numerics import numerics


def test_precision_and_determinism_hold_inside_only() -> None:
    config = TrainingConfig(precision="mixed_bfloat16", deterministic_ops=True)

    with pytest.raises(KeyError), numerics(config):
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
        assert is_op_determinism_enabled()
        raise KeyError

    assert keras.config.dtype_policy().name == "float32"
    assert not is_op_determinism_enabled()


def test_a_determinism_that_was_there_stays() -> None:
    config = TrainingConfig(deterministic_ops=True)
    with numerics(config):
        with numerics(config):
            pass
        assert is_op_determinism_enabled()
    assert not is_op_determinism_enabled()


def test_fresh_weights_are_a_function_of_the_seed() -> None:
    def drawn(seed: int) -> np.ndarray:
        with numerics(TrainingConfig(seed=seed)):
            return keras.initializers.GlorotUniform()((8, 8)).numpy()

    np.testing.assert_array_equal(drawn(3), drawn(3))
    assert (drawn(3) != drawn(4)).any()
