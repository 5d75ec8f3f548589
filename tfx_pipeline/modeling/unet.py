"""U-Net: an encoder that halves, a decoder that doubles, a skip at every size.

Ronneberger et al., 2015 (https://arxiv.org/abs/1505.04597), with padded convolutions,
so that the logits have the size of the picture.
"""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import layers

from tfx_pipeline.config.input_size import check_size, size_multiple_px
from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.modeling.pixel_normalisation import PixelNormalisation

GROUPS = 8


def unet(
    config: ModelConfig, *, num_classes: int, height_px: int, width_px: int
) -> keras.Model:
    """Returns the network: pixels 0..255 [b, h, w, 3] to logits [b, h, w, classes]."""
    check_size("unet", height_px, width_px, size_multiple_px(config))
    images = keras.Input((height_px, width_px, 3), name="image")
    x = PixelNormalisation(config.normalisation, name="normalisation")(images)
    x = _join_patches(config, x)
    skips = []
    for level in range(config.depth):
        x = _two_convs(config, x, level, f"down_{level}")
        skips.append(x)
        x = layers.MaxPooling2D(name=f"down_{level}_pool")(x)
        x = _outer_dropout(config, x, level, f"down_{level}_dropout")
    x = _two_convs(config, x, config.depth, "bottom")
    for level in reversed(range(config.depth)):
        x = _double_size(config, x, level, f"up_{level}_resize")
        x = layers.Concatenate(name=f"up_{level}_join")([x, skips[level]])
        x = _outer_dropout(config, x, level, f"up_{level}_dropout")
        x = _two_convs(config, x, level, f"up_{level}")
    return keras.Model(images, _logits(config, x, num_classes), name="unet")


def _join_patches(config: ModelConfig, x: Any) -> Any:
    if config.patch_px == 1:
        return x
    side = config.patch_px
    return layers.Conv2D(config.base_width, side, strides=side, name="patches")(x)


def _logits(config: ModelConfig, x: Any, num_classes: int) -> Any:
    # float32 also under mixed precision: 16-bit logits make the loss overflow.
    if config.patch_px > 1:
        side = config.patch_px
        return layers.Conv2DTranspose(
            num_classes, side, strides=side, dtype="float32", name="logits"
        )(x)
    return layers.Conv2D(
        num_classes,
        config.head_kernel_px,
        padding="same",
        dtype="float32",
        name="logits",
    )(x)


def _width(config: ModelConfig, level: int) -> int:
    return int(config.base_width * 2**level)


def _two_convs(config: ModelConfig, x: Any, level: int, name: str) -> Any:
    x = _conv(config, x, level, f"{name}_conv_0")
    if config.dropout_at == "between_convs":
        x = _dropout(config, x, level, f"{name}_dropout")
    return _conv(config, x, level, f"{name}_conv_1")


def _conv(config: ModelConfig, x: Any, level: int, name: str) -> Any:
    x = layers.Conv2D(
        _width(config, level),
        3,
        padding="same",
        # A norm brings its own shift.
        use_bias=config.norm == "none",
        kernel_initializer="he_normal",
        name=name,
    )(x)
    if config.norm == "batch":
        momentum = config.batch_norm_momentum
        x = layers.BatchNormalization(momentum=momentum, name=f"{name}_norm")(x)
    elif config.norm == "group":
        groups = math.gcd(GROUPS, _width(config, level))
        x = layers.GroupNormalization(groups, name=f"{name}_norm")(x)
    return layers.Activation(config.activation, name=f"{name}_{config.activation}")(x)


def _double_size(config: ModelConfig, x: Any, level: int, name: str) -> Any:
    width, kernel_px = _width(config, level), config.up_kernel_px
    if config.up == "transpose":
        return layers.Conv2DTranspose(
            width, kernel_px, strides=2, padding="same", name=name
        )(x)
    # The convolution comes first: on a quarter of the pixels it costs a quarter.
    x = layers.Conv2D(width, kernel_px, padding="same", name=f"{name}_conv")(x)
    return layers.UpSampling2D(interpolation="bilinear", name=name)(x)


def _outer_dropout(config: ModelConfig, x: Any, level: int, name: str) -> Any:
    if config.dropout_at != "pools_and_skips":
        return x
    return _dropout(config, x, level, name)


def _dropout(config: ModelConfig, x: Any, level: int, name: str) -> Any:
    rate = config.dropout_inner if level else config.dropout_outer
    return layers.Dropout(rate, name=name)(x) if rate else x
