"""DeepLabV3+ of KerasCV with encoders given by their numbers, so nothing is fetched.

Chen et al., 2018 (https://arxiv.org/abs/1802.02611). KerasCV's aliases and presets ask
a hub for their numbers even without weights; the tables below hold them instead.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras import layers

from tfx_pipeline.config.input_size import DEEPLAB_STRIDE_PX, check_size
from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.unknown_name import unknown_name
from tfx_pipeline.modeling.pixel_normalisation import PixelNormalisation

_LEGACY_SWITCH = "TF_USE_LEGACY_KERAS"
# Blocks per stack, kind of block; He et al., 2016 (https://arxiv.org/abs/1603.05027).
RESNETS_V2 = {
    "resnet18_v2": ((2, 2, 2, 2), "basic_block"),
    "resnet34_v2": ((3, 4, 6, 3), "basic_block"),
    "resnet50_v2": ((3, 4, 6, 3), "block"),
    "resnet101_v2": ((3, 4, 23, 3), "block"),
}
# Per block: expansion, filters, kernel, stride, squeeze-and-excite, activation.
# Tables 1 and 2 of Howard et al., 2019 (https://arxiv.org/abs/1905.02244).
MOBILENETS_V3: dict[str, tuple[tuple[Any, ...], ...]] = {
    "mobilenet_v3_small": (
        (1, 16, 3, 2, 0.25, "relu"),
        (72 / 16, 24, 3, 2, None, "relu"),
        (88 / 24, 24, 3, 1, None, "relu"),
        (4, 40, 5, 2, 0.25, "hard_swish"),
        (6, 40, 5, 1, 0.25, "hard_swish"),
        (6, 40, 5, 1, 0.25, "hard_swish"),
        (3, 48, 5, 1, 0.25, "hard_swish"),
        (3, 48, 5, 1, 0.25, "hard_swish"),
        (6, 96, 5, 2, 0.25, "hard_swish"),
        (6, 96, 5, 1, 0.25, "hard_swish"),
        (6, 96, 5, 1, 0.25, "hard_swish"),
    ),
    "mobilenet_v3_large": (
        (1, 16, 3, 1, None, "relu"),
        (4, 24, 3, 2, None, "relu"),
        (3, 24, 3, 1, None, "relu"),
        (3, 40, 5, 2, 0.25, "relu"),
        (3, 40, 5, 1, 0.25, "relu"),
        (3, 40, 5, 1, 0.25, "relu"),
        (6, 80, 3, 2, None, "hard_swish"),
        (2.5, 80, 3, 1, None, "hard_swish"),
        (2.3, 80, 3, 1, None, "hard_swish"),
        (2.3, 80, 3, 1, None, "hard_swish"),
        (6, 112, 3, 1, 0.25, "hard_swish"),
        (6, 112, 3, 1, 0.25, "hard_swish"),
        (6, 160, 5, 2, 0.25, "hard_swish"),
        (6, 160, 5, 1, 0.25, "hard_swish"),
        (6, 160, 5, 1, 0.25, "hard_swish"),
    ),
}


def deeplab_v3_plus(
    config: ModelConfig, *, num_classes: int, height_px: int, width_px: int
) -> keras.Model:
    """Returns the network: pixels 0..255 [b, h, w, 3] to logits [b, h, w, classes]."""
    return DeepLabV3Plus(
        num_classes=num_classes,
        height_px=height_px,
        width_px=width_px,
        backbone=config.backbone,
        decoder_width=config.decoder_width,
        normalisation=config.normalisation,
        batch_norm_momentum=config.batch_norm_momentum,
    )


@keras.saving.register_keras_serializable("carseg")
class DeepLabV3Plus(keras.Model):
    """KerasCV's network between our first layer and logits at full size.

    A saved file holds these arguments only: KerasCV's own layers (`HardSigmoid...` of
    MobileNetV3) do not read back what they write.

    Args:
        num_classes: Channels of the logits.
        height_px: Height of pictures and logits, a multiple of 32.
        width_px: Width, a multiple of 32.
        backbone: A name in `RESNETS_V2` or `MOBILENETS_V3`.
        decoder_width: Filters of the pyramid's branches and of the decoder.
        normalisation: What the first layer makes of 0..255.
        batch_norm_momentum: In place of KerasCV's 0.99 and 0.999.
        name: Name of the model.
        dtype: Policy that all layers are built under; None takes the global one.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        height_px: int,
        width_px: int,
        backbone: str = "mobilenet_v3_large",
        decoder_width: int = 256,
        normalisation: str = "minus_one_to_one",
        batch_norm_momentum: float = 0.9,
        name: str = "deeplab_v3_plus",
        dtype: str | None = None,
    ) -> None:
        check_size("deeplab_v3_plus", height_px, width_px, DEEPLAB_STRIDE_PX)
        policy = dtype or keras.config.dtype_policy().name
        with _built_under(policy):
            images = keras.Input((height_px, width_px, 3), name="image")
            network = _network(
                encoder(backbone, height_px, width_px), num_classes, decoder_width
            )
            _set_momentum(network, batch_norm_momentum)
            pixels = PixelNormalisation(normalisation, name="normalisation")(images)
            super().__init__(inputs=images, outputs=network(pixels), name=name)
        self.arguments = {
            "num_classes": num_classes,
            "height_px": height_px,
            "width_px": width_px,
            "backbone": backbone,
            "decoder_width": decoder_width,
            "normalisation": normalisation,
            "batch_norm_momentum": batch_norm_momentum,
            "dtype": policy,
        }

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"name": self.name, **self.arguments}

    @classmethod
    def from_config(cls, config: dict[str, Any], *_: Any) -> DeepLabV3Plus:
        """Builds the network anew; the inverse of `get_config`."""
        return cls(**config)


@contextmanager
def _keras_3_for_keras_cv() -> Iterator[None]:
    """Lets KerasCV take the Keras that we use, also where Transform ran before.

    KerasCV asks `tensorflow.keras` at its import, and tensorflow_transform switches
    that to Keras 2 for the whole process and, by the environment, for its children.
    """
    tensorflow = sys.modules.get("tensorflow")
    switch, found = os.environ.get(_LEGACY_SWITCH), getattr(tensorflow, "keras", None)
    os.environ[_LEGACY_SWITCH] = "0"
    if tensorflow is not None:
        tensorflow.keras = keras  # type: ignore[attr-defined]
    try:
        yield
    finally:
        if tensorflow is not None:
            tensorflow.keras = found  # type: ignore[attr-defined]
        del os.environ[_LEGACY_SWITCH]
        if switch is not None:
            os.environ[_LEGACY_SWITCH] = switch


def encoder(name: str, height_px: int, width_px: int) -> keras.Model:
    """Returns KerasCV's backbone of this name with fresh weights and no rescaling."""
    # keras_cv loads TensorFlow on every backend; a zoo without it stays importable.
    with _keras_3_for_keras_cv():
        from keras_cv.models import MobileNetV3Backbone, ResNetV2Backbone

    # Scaling is our own first layer's work, for every architecture alike.
    shared = {"include_rescaling": False, "input_shape": (height_px, width_px, 3)}
    if name in RESNETS_V2:
        blocks, block_type = RESNETS_V2[name]
        return ResNetV2Backbone(
            stackwise_filters=[64, 128, 256, 512],
            stackwise_blocks=list(blocks),
            stackwise_strides=[1, 2, 2, 2],
            block_type=block_type,
            **shared,
        )
    if name not in MOBILENETS_V3:
        known = [*RESNETS_V2, *MOBILENETS_V3]
        raise ValueError(unknown_name("backbone", name, known))
    columns = [list(column) for column in zip(*MOBILENETS_V3[name], strict=True)]
    return MobileNetV3Backbone(
        stackwise_expansion=columns[0],
        stackwise_filters=columns[1],
        stackwise_kernel_size=columns[2],
        stackwise_stride=columns[3],
        stackwise_se_ratio=columns[4],
        stackwise_activation=columns[5],
        **shared,
    )


def _network(
    backbone: keras.Model, num_classes: int, decoder_width: int
) -> keras.Model:
    # keras_cv loads TensorFlow on every backend; a zoo without it stays importable.
    from keras_cv.layers import SpatialPyramidPooling
    from keras_cv.models import DeepLabV3Plus as KerasCVDeepLabV3Plus

    whole = KerasCVDeepLabV3Plus(
        backbone=backbone,
        num_classes=num_classes,
        spatial_pyramid_pooling=SpatialPyramidPooling(
            dilation_rates=[6, 12, 18], num_channels=decoder_width
        ),
        segmentation_head=_head(num_classes, decoder_width),
    )
    # The same graph without the encoder's own last layers, which feed no output.
    return keras.Model(whole.inputs, whole.outputs[0], name="keras_cv_deeplab_v3_plus")


def _head(num_classes: int, width: int) -> keras.Model:
    """Decoder features at a quarter of the size to logits at full size.

    KerasCV's head enlarges all features, then classifies each pixel. A 1x1 convolution
    and a bilinear resize commute, so this one classifies first: the same logits for a
    sixteenth of the work and memory. There is no softmax: losses take logits.
    """
    return keras.Sequential(
        [
            layers.Conv2D(width, 1, use_bias=False, name="decoder_conv"),
            layers.BatchNormalization(name="decoder_norm"),
            layers.ReLU(name="decoder_relu"),
            # float32 also under mixed precision: 16-bit logits make the loss overflow.
            layers.Conv2D(num_classes, 1, dtype="float32", name="logits_quarter"),
            layers.UpSampling2D(
                4, interpolation="bilinear", dtype="float32", name="logits"
            ),
        ],
        name="head",
    )


def _set_momentum(network: keras.Model, momentum: float) -> None:
    # MobileNetV3's 0.999 needs thousands of steps until the moving averages, which
    # evaluation and serving use, have left their start.
    for layer in network._flatten_layers():
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = momentum


@contextmanager
def _built_under(policy: str) -> Iterator[None]:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
