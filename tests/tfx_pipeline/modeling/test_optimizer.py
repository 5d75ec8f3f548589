"""Decay pulls kernels only; rate and clipping come from the configuration."""

from __future__ import annotations

import re

import keras
import numpy as np
import pytest

from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.modeling.optimizer import NOT_DECAYED, KernelAdamW, build_optimizer


def layers_of_every_weight() -> keras.Model:
    model = keras.Sequential(
        [
            keras.Input((4, 4, 3)),
            keras.layers.Conv2D(8, 3),
            keras.layers.BatchNormalization(),
            keras.layers.GroupNormalization(2),
            keras.layers.Conv2DTranspose(2, 3),
            keras.layers.DepthwiseConv2D(1),
        ]
    )
    for weight in model.trainable_variables:
        weight.assign(np.ones(weight.shape))
    return model


@pytest.mark.parametrize("reloaded", [False, True], ids=["new", "from_config"])
def test_decay_without_a_gradient_moves_kernels_and_nothing_else(
    reloaded: bool,
) -> None:
    optimizer = KernelAdamW(learning_rate=0.1, weight_decay=0.5)
    if reloaded:
        config = keras.optimizers.serialize(optimizer)
        optimizer = keras.optimizers.deserialize(config)
    model = layers_of_every_weight()
    weights = model.trainable_variables

    optimizer.apply([np.zeros(weight.shape, np.float32) for weight in weights], weights)

    for weight in weights:
        value = 0.95 if weight.name == "kernel" else 1.0
        np.testing.assert_allclose(
            weight.numpy(), value, rtol=1e-6, err_msg=weight.path
        )
    assert {weight.name for weight in weights} == {"kernel", "bias", "gamma", "beta"}


@pytest.mark.parametrize(
    ("name", "decays"),
    [
        ("bias", False),
        ("unet/logits/bias:0", False),
        ("unet/down_0_norm/gamma/replica_1:0", False),
        ("unet/down_0_norm/beta", False),
        ("unet/logits/kernel/replica_1:0", True),
        ("unbiased_head/kernel:0", True),
        ("gamma_net/kernel", True),
    ],
)
def test_a_weight_is_known_by_each_name_that_a_backend_gives_it(
    name: str, decays: bool
) -> None:
    assert (re.search(NOT_DECAYED, name) is None) == decays


def test_the_configuration_reaches_the_optimizer() -> None:
    config = TrainingConfig(
        learning_rate=0.2, warmup_share=0.5, weight_decay=0.03, clip_norm=2.0
    )

    optimizer = build_optimizer(config, total_steps=8)

    assert float(optimizer.learning_rate) == pytest.approx(0.2 / 4)
    assert optimizer.weight_decay == 0.03
    assert optimizer.global_clipnorm == 2.0


def test_a_clip_norm_of_zero_does_not_clip() -> None:
    optimizer = build_optimizer(TrainingConfig(clip_norm=0.0), total_steps=8)

    assert optimizer.global_clipnorm is None
