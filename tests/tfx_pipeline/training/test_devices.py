from __future__ import annotations

import pytest
import tensorflow as tf

from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.training.devices import choose_strategy


def test_none_is_tensorflows_default_strategy() -> None:
    assert choose_strategy(TrainingConfig()) is tf.distribute.get_strategy()


def test_mirrored_takes_the_first_devices() -> None:
    strategy = choose_strategy(TrainingConfig(strategy="mirrored", devices=1))

    assert isinstance(strategy, tf.distribute.MirroredStrategy)
    assert strategy.num_replicas_in_sync == 1


def test_more_devices_than_there_are_are_refused() -> None:
    sentence = r"devices must be at most \d+, the visible [CG]PU devices, got 99; 0"

    with pytest.raises(ValueError, match=sentence):
        choose_strategy(TrainingConfig(strategy="mirrored", devices=99))
