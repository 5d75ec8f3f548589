"""Logits are divided in the last linear layer of every network; masks stay."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.modeling.registry import MODELS, build_model
from tfx_pipeline.modeling.scaled_logits import divide_logits

SIZE_PX = 32
HEADS = {
    "unet": ModelConfig(depth=2, base_width=4),
    "unet_wide_head": ModelConfig(depth=2, base_width=4, head_kernel_px=3),
    "unet_patches": ModelConfig(depth=2, base_width=4, patch_px=2),
    "deeplab_v3_plus": ModelConfig(
        name="deeplab_v3_plus", backbone="mobilenet_v3_small", decoder_width=16
    ),
}


def network(config: ModelConfig) -> keras.Model:
    """Random weights, also of the last layer's bias."""
    keras.utils.set_random_seed(5)
    model = build_model(config, num_classes=3, height_px=SIZE_PX, width_px=SIZE_PX)
    rng = np.random.default_rng(6)
    for layer in model._flatten_layers():
        if layer.name.startswith("logits") and layer.weights:
            kernel, bias = layer.get_weights()
            layer.set_weights([kernel, rng.normal(size=bias.shape)])
    return model


def pictures() -> np.ndarray:
    shape = (2, SIZE_PX, SIZE_PX, 3)
    return np.random.default_rng(7).integers(0, 256, shape).astype(np.float32)


def test_every_network_is_tried_below() -> None:
    assert {config.name for config in HEADS.values()} == set(MODELS)


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(
            config,
            id=name,
            # To build the deep net takes seconds.
            marks=[pytest.mark.integration] if name == "deeplab_v3_plus" else [],
        )
        for name, config in HEADS.items()
    ],
)
def test_all_logits_are_divided_and_no_mask_changes(
    config: ModelConfig, tmp_path: Path
) -> None:
    model, images = network(config), pictures()
    variables = [variable.path for variable in model.variables]
    before = np.array(model(images))

    divide_logits(model, 2.7)

    after = np.array(model(images))
    np.testing.assert_allclose(after * 2.7, before, rtol=1e-5, atol=1e-5)
    best, second = np.sort(before, axis=-1)[..., ::-1][..., :2].transpose(3, 0, 1, 2)
    apart = best - second > 1e-5  # closer than that they are as good as equal
    assert apart.mean() > 0.999
    np.testing.assert_array_equal(
        after.argmax(axis=-1)[apart], before.argmax(axis=-1)[apart]
    )
    assert [variable.path for variable in model.variables] == variables
    model.save_weights(tmp_path / "scaled.weights.h5")
    other = network(config)
    other.load_weights(tmp_path / "scaled.weights.h5")
    np.testing.assert_array_equal(np.array(other(images)), after)


def test_one_changes_no_bit() -> None:
    model = network(HEADS["unet"])
    before = model.get_weights()

    divide_logits(model, 1.0)

    for got, expected in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_temperature_is_refused(temperature: float) -> None:
    with pytest.raises(
        ValueError, match=f"must be a number above 0, got {temperature}"
    ):
        divide_logits(network(HEADS["unet"]), temperature)


@pytest.mark.parametrize(
    ("layers", "count"),
    [
        ([keras.layers.Conv2D(2, 1, name="head")], 0),
        ([keras.layers.Conv2D(2, 1, activation="softmax", name="logits")], 0),
        ([keras.layers.UpSampling2D(name="logits")], 0),
        (
            [
                keras.layers.Conv2D(2, 1, name="logits_quarter"),
                keras.layers.Conv2D(2, 1, name="logits"),
            ],
            2,
        ),
    ],
    ids=["other_name", "softmax", "no_weights", "two"],
)
def test_a_model_without_one_last_linear_layer_is_refused(
    layers: list[keras.layers.Layer], count: int
) -> None:
    model = keras.Sequential([keras.Input((8, 8, 3)), *layers], name="mine")

    with pytest.raises(
        ValueError, match=rf"model 'mine' has {count}; name its last linear layer so"
    ):
        divide_logits(model, 2.0)
