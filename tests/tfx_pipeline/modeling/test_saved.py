"""Everything that is saved comes back the same: from its config and from a file."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.modeling import registry
from tfx_pipeline.modeling.deeplab_v3_plus import DeepLabV3Plus
from tfx_pipeline.modeling.losses import CrossEntropyDice
from tfx_pipeline.modeling.metrics import ConfusionMeanIoU, mean_iou_metrics
from tfx_pipeline.modeling.optimizer import KernelAdamW, build_optimizer
from tfx_pipeline.modeling.pixel_normalisation import PixelNormalisation
from tfx_pipeline.modeling.schedules import WarmupCosine

SAVED = [
    PixelNormalisation("imagenet", name="first"),
    CrossEntropyDice(
        ce_weight=0.3,
        dice_weight=0.6,
        class_weights=[1.0, 2.0],
        void_id=9,
        over="image",
        name="mine",
    ),
    ConfusionMeanIoU(3, void_id=9, left_out=1, sparse_y_pred=True, name="mine"),
    WarmupCosine(0.1, total_steps=9, warmup_steps=2, final_share=0.5),
    KernelAdamW(WarmupCosine(0.1, total_steps=9), weight_decay=0.2, global_clipnorm=3),
    DeepLabV3Plus(
        num_classes=2,
        height_px=32,
        width_px=64,
        backbone="mobilenet_v3_small",
        decoder_width=8,
        normalisation="imagenet",
        batch_norm_momentum=0.6,
        name="mine",
    ),
]
MODELS = {
    "unet_group": ModelConfig(depth=2, base_width=4, norm="group"),
    "unet_batch": ModelConfig(depth=2, base_width=4, up="transpose"),
    "deeplab_v3_plus": ModelConfig(
        name="deeplab_v3_plus", backbone="mobilenet_v3_small", decoder_width=16
    ),
}


# The deep net's steps take tens of seconds.
each_model = pytest.mark.parametrize(
    "config",
    [
        pytest.param(
            config,
            id=name,
            marks=[pytest.mark.integration] if name == "deeplab_v3_plus" else [],
        )
        for name, config in MODELS.items()
    ],
)


def test_the_list_above_holds_every_class_that_is_registered() -> None:
    registered = {
        name for name in keras.saving.get_custom_objects() if name.startswith("carseg>")
    }

    assert registered == {f"carseg>{type(thing).__name__}" for thing in SAVED}


@pytest.mark.parametrize("thing", SAVED, ids=lambda thing: type(thing).__name__)
def test_a_config_through_json_gives_the_same_thing(thing: object) -> None:
    text = json.dumps(keras.saving.serialize_keras_object(thing))

    again = keras.saving.deserialize_keras_object(json.loads(text))

    assert type(again) is type(thing)
    assert again.get_config() == thing.get_config()


def trained(config: ModelConfig) -> tuple[keras.Model, np.ndarray]:
    """A model whose weights, moving averages and slots have left their start."""
    keras.utils.set_random_seed(1)
    model = registry.build_model(config, num_classes=3, height_px=32, width_px=32)
    model.compile(
        optimizer=build_optimizer(TrainingConfig(), total_steps=4),
        loss=CrossEntropyDice(class_weights=[1, 2, 3]),
        metrics=mean_iou_metrics(3),
        # Tracing a graph of one step takes longer than a few steps without.
        run_eagerly=True,
    )
    rng = np.random.default_rng(2)
    pixels = rng.integers(0, 256, (2, 32, 32, 3)).astype(np.float32)
    mask_ids = rng.choice([0, 1, 2, 255], (2, 32, 32))
    for _ in range(2):
        model.train_on_batch(pixels, mask_ids)
    return model, pixels


def next_losses(model: keras.Model, pixels: np.ndarray) -> list[float]:
    """The losses of two more steps: they need weights, slots and schedule."""
    losses = []
    for _ in range(2):
        model.reset_metrics()
        losses.append(float(model.train_on_batch(pixels, np.ones((2, 32, 32)))[0]))
    return losses


@pytest.mark.integration
@each_model
def test_a_saved_model_answers_the_same_and_goes_on_training(
    config: ModelConfig, tmp_path: Path
) -> None:
    model, pixels = trained(config)

    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")

    np.testing.assert_array_equal(np.array(model(pixels)), np.array(loaded(pixels)))
    assert type(loaded.optimizer) is KernelAdamW
    assert int(loaded.optimizer.iterations) == 2
    assert loaded.loss.get_config() == model.loss.get_config()
    expected = next_losses(model, pixels)
    assert next_losses(loaded, pixels) == pytest.approx(expected, rel=1e-5)
    assert expected[0] != pytest.approx(expected[1], rel=1e-3)


@pytest.mark.integration
@each_model
def test_config_or_weights_alone_lead_back_to_the_model(
    config: ModelConfig, tmp_path: Path
) -> None:
    model, pixels = trained(config)
    answer = np.array(model(pixels))

    again = type(model).from_config(json.loads(json.dumps(model.get_config())))
    again.set_weights(model.get_weights())
    model.save_weights(tmp_path / "best.weights.h5")
    new = registry.build_model(config, num_classes=3, height_px=32, width_px=32)
    before = np.array(new(pixels))
    new.load_weights(tmp_path / "best.weights.h5")

    assert json.dumps(again.get_config()) == json.dumps(model.get_config())
    np.testing.assert_array_equal(np.array(again(pixels)), answer)
    np.testing.assert_array_equal(np.array(new(pixels)), answer)
    assert np.abs(answer - before).max() > 0
