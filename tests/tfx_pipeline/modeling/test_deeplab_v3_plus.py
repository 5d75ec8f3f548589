"""DeepLabV3+ is the published net, built without a hub and without dead weights."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from tfx_pipeline.config.model import Backbone
from tfx_pipeline.modeling.deeplab_v3_plus import DeepLabV3Plus, encoder


def slow(name: str) -> Any:
    return pytest.param(name, marks=pytest.mark.integration)


@pytest.fixture(scope="module")
def model() -> DeepLabV3Plus:
    """The smallest net, for tests that ask nothing of its weights."""
    return small(batch_norm_momentum=0.7)


def small(**options: Any) -> DeepLabV3Plus:
    arguments = {
        "num_classes": 3,
        "height_px": 64,
        "width_px": 32,
        "backbone": "mobilenet_v3_small",
        "decoder_width": 16,
    }
    return DeepLabV3Plus(**(arguments | options))


def pictures(height_px: int = 64, width_px: int = 32) -> np.ndarray:
    shape = (2, height_px, width_px, 3)
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


def keras_applications_count(name: str) -> int:
    """Parameters of Keras' own implementation of the same encoder."""
    arguments = {"include_top": False, "weights": None, "input_shape": (64, 64, 3)}
    if name == "resnet50_v2":
        return keras.applications.ResNet50V2(**arguments).count_params()
    builder = {
        "mobilenet_v3_small": keras.applications.MobileNetV3Small,
        "mobilenet_v3_large": keras.applications.MobileNetV3Large,
    }[name]
    return builder(**arguments, include_preprocessing=False).count_params()


@pytest.mark.parametrize(
    "name",
    ["mobilenet_v3_small", slow("mobilenet_v3_large"), slow("resnet50_v2")],
)
def test_an_encoder_has_as_many_parameters_as_keras_own(name: str) -> None:
    assert encoder(name, 64, 64).count_params() == keras_applications_count(name)


def test_the_small_resnet_has_the_published_count() -> None:
    # 11,183,488: KerasCV's model card of resnet18_v2.
    assert encoder("resnet18_v2", 64, 64).count_params() == 11_183_488


@pytest.mark.parametrize(
    "name",
    [
        name if name in ("resnet18_v2", "mobilenet_v3_large") else slow(name)
        for name in get_args(Backbone)
    ],
)
def test_building_any_encoder_asks_no_hub(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a model was about to be fetched")

    # An empty cache: what was fetched before would answer without a connection.
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(tmp_path))
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert small(backbone=name).output_shape == (None, 64, 32, 3)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [(64, 32), (32, 96)], ids=str)
def test_logits_have_the_size_of_the_picture_and_are_no_probabilities(
    size: tuple[int, int],
) -> None:
    model = small(height_px=size[0], width_px=size[1])

    logits = model(pictures(*size))

    assert tuple(logits.shape) == (2, *size, 3)
    assert logits.dtype == "float32"
    assert np.abs(np.sum(np.array(logits), axis=-1) - 1).max() > 1e-3


def test_every_weight_has_a_gradient(model: DeepLabV3Plus) -> None:
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(model(pictures(), training=True) ** 2)
    gradients = tape.gradient(value, model.trainable_variables)

    without = [
        weight.path
        for weight, gradient in zip(model.trainable_variables, gradients, strict=True)
        if gradient is None
    ]
    assert without == []


def test_classifying_before_enlarging_gives_kerascvs_logits(
    model: DeepLabV3Plus,
) -> None:
    features = np.random.default_rng(1).normal(size=(1, 8, 8, 16)).astype(np.float32)
    head = next(layer for layer in model._flatten_layers() if layer.name == "head")
    conv, norm, relu, classify, enlarge = head.layers
    x = relu(norm(conv(features[..., :1].repeat(conv.input.shape[-1], axis=-1))))

    np.testing.assert_allclose(
        np.array(enlarge(classify(x))), np.array(classify(enlarge(x))), atol=1e-5
    )


def test_the_momentum_reaches_every_batch_norm(model: DeepLabV3Plus) -> None:
    momenta = {
        layer.momentum
        for layer in model._flatten_layers()
        if isinstance(layer, layers.BatchNormalization)
    }
    assert momenta == {0.7}


@pytest.mark.integration
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_survives_saving_and_leaves_the_global_policy(
    policy: str, tmp_path: Any
) -> None:
    model = small(dtype=policy)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")

    convs = [x for x in loaded._flatten_layers() if x.name == "decoder_conv"]
    assert convs[0].compute_dtype == policy.removeprefix("mixed_")
    assert loaded(pictures()).dtype == "float32"
    assert keras.config.dtype_policy().name == "float32"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"height_px": 80}, "a height that is a multiple of 32 px, got 80"),
        (
            {"backbone": "mobilenet_v3"},
            "no backbone named 'mobilenet_v3'; did you mean",
        ),
    ],
)
def test_impossible_arguments_are_refused(options: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        small(**options)


@pytest.mark.integration
def test_it_builds_in_a_process_where_transform_switched_to_keras_2() -> None:
    source = (
        "import tensorflow_transform\n"
        "import tensorflow as tf\n"
        "tf.keras.layers\n"
        "from tfx_pipeline.config.model import ModelConfig\n"
        "from tfx_pipeline.modeling.registry import build_model\n"
        "config = ModelConfig(name='deeplab_v3_plus', backbone='mobilenet_v3_small')\n"
        "model = build_model(config, num_classes=3, height_px=64, width_px=64)\n"
        "print(model.output_shape, 'tf_keras' in tf.keras.__name__)\n"
    )

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", source],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.splitlines()[-1:] == ["(None, 64, 64, 3) True"], done.stderr
