"""The networks by name."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import keras

from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.modeling.deeplab_v3_plus import deeplab_v3_plus
from tfx_pipeline.modeling.unet import unet


class ModelBuilder(Protocol):
    """Builds a network that maps pixels 0..255 to logits at the same size."""

    def __call__(
        self, config: ModelConfig, *, num_classes: int, height_px: int, width_px: int
    ) -> keras.Model:
        """Returns pixels [b, h, w, 3] to float32 logits [b, h, w, classes]."""
        ...


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """A network that can be asked for by its name.

    Attributes:
        build: Builds it.
        summary: What it is, in a line.
        options: The fields of `ModelConfig` that it reads.
    """

    build: ModelBuilder
    summary: str
    options: tuple[str, ...]


MODELS: Mapping[str, Architecture] = types.MappingProxyType(
    {
        "unet": Architecture(
            build=unet,
            summary="halves, doubles, with a skip at every size; small, from scratch",
            options=(
                "normalisation",
                "batch_norm_momentum",
                "patch_px",
                "depth",
                "base_width",
                "norm",
                "activation",
                "dropout_outer",
                "dropout_inner",
                "dropout_at",
                "up",
                "up_kernel_px",
                "head_kernel_px",
            ),
        ),
        "deeplab_v3_plus": Architecture(
            build=deeplab_v3_plus,
            summary="dilated pyramid on a ResNet-V2 or MobileNetV3 encoder (KerasCV)",
            options=(
                "normalisation",
                "batch_norm_momentum",
                "backbone",
                "decoder_width",
            ),
        ),
    }
)


def build_model(
    config: ModelConfig, *, num_classes: int, height_px: int, width_px: int
) -> keras.Model:
    """Returns the configured network with fresh weights.

    Args:
        config: The architecture and its options.
        num_classes: Channels of the logits; void is not a class.
        height_px: Height of the pictures it is trained and served on.
        width_px: Their width.

    Example:
        >>> config = ModelConfig(depth=2, base_width=4)
        >>> build_model(config, num_classes=3, height_px=32, width_px=48).output_shape
        (None, 32, 48, 3)
    """
    if num_classes < 1:
        raise ValueError(f"num_classes must be 1 or more, got {num_classes}")
    return MODELS[config.name].build(
        config, num_classes=num_classes, height_px=height_px, width_px=width_px
    )
