"""Which devices a training runs on: a `tf.distribute` strategy by its name."""

from __future__ import annotations

import tensorflow as tf

from tfx_pipeline.config.training import TrainingConfig


def choose_strategy(config: TrainingConfig) -> tf.distribute.Strategy:
    """Returns the configured strategy.

    Raises:
        ValueError: There are not so many devices, or a step's pictures do not split
            into equal parts.
    """
    if config.strategy == "none":
        return tf.distribute.get_strategy()
    strategy = tf.distribute.MirroredStrategy(_first_devices(config.devices))
    parts = strategy.num_replicas_in_sync
    if config.batch_size % parts:
        raise ValueError(
            f"training.batch_size must be a multiple of the {parts} devices, got"
            f" {config.batch_size}; take {parts * max(config.batch_size // parts, 1)},"
            " or other devices"
        )
    return strategy


def _first_devices(count: int) -> list[str]:
    """Returns GPUs, or CPUs where there is no GPU; 0 takes all."""
    found = tf.config.list_logical_devices("GPU")
    found = found or tf.config.list_logical_devices("CPU")
    if count > len(found):
        raise ValueError(
            f"training.devices must be at most {len(found)}, the visible"
            f" {found[0].device_type} devices, got {count}; 0 takes all"
        )
    return [device.name for device in found[: count or None]]
