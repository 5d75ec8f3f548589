from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import tensorflow as tf

from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.training.devices import choose_strategy, is_chief


def test_none_is_tensorflows_default_strategy() -> None:
    assert choose_strategy(TrainingConfig()) is tf.distribute.get_strategy()


def test_mirrored_takes_the_first_devices() -> None:
    strategy = choose_strategy(TrainingConfig(strategy="mirrored", devices=1))

    assert isinstance(strategy, tf.distribute.MirroredStrategy)
    assert strategy.num_replicas_in_sync == 1
    assert is_chief(strategy)


def test_more_devices_than_there_are_are_refused() -> None:
    sentence = r"devices must be at most \d+, the visible [CG]PU devices, got 99; 0"

    with pytest.raises(ValueError, match=sentence):
        choose_strategy(TrainingConfig(strategy="mirrored", devices=99))


def test_devices_of_workers_are_not_counted() -> None:
    config = TrainingConfig(strategy="multi_worker_mirrored", devices=2)

    with pytest.raises(ValueError, match="must be 0 with multi_worker_mirrored"):
        choose_strategy(config)


@pytest.mark.parametrize(
    ("cluster", "task", "chief"),
    [
        ({"worker": ["a:1", "b:1"]}, ("worker", 0), True),
        ({"worker": ["a:1", "b:1"]}, ("worker", 1), False),
        ({"chief": ["a:1"], "worker": ["b:1"]}, ("chief", 0), True),
        ({"chief": ["a:1"], "worker": ["b:1"]}, ("worker", 0), False),
        ({}, (None, None), True),
    ],
    ids=["first_worker", "second_worker", "chief", "worker_beside_chief", "alone"],
)
def test_one_process_of_a_cluster_is_the_chief(
    cluster: dict[str, list[str]], task: tuple[Any, Any], chief: bool
) -> None:
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec(cluster), task_type=task[0], task_id=task[1]
    )

    assert is_chief(SimpleNamespace(cluster_resolver=resolver)) is chief
