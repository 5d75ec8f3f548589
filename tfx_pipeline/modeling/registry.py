"""The networks by name."""

from __future__ import annotations

from typing import Protocol

import keras

from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.unknown_name import unknown_name
from tfx_pipeline.modeling.deeplab_v3_plus import deeplab_v3_plus
from tfx_pipeline.modeling.unet import unet


class ModelBuilder(Protocol):
    """Builds a network that maps pixels 0..255 to logits at the same size."""

    def __call__(
        self, config: ModelConfig, *, num_classes: int, height_px: int, width_px: int
    ) -> keras.Model:
        """Returns pixels [b, h, w, 3] to float32 logits [b, h, w, classes]."""
        ...


MODELS: dict[str, ModelBuilder] = {"unet": unet, "deeplab_v3_plus": deeplab_v3_plus}


def model_names() -> tuple[str, ...]:
    """Returns the names that `ModelConfig.name` may take."""
    return tuple(MODELS)


def model_builder(name: str) -> ModelBuilder:
    """Returns the builder of a name; refuses an unknown one with its neighbours."""
    if name not in MODELS:
        raise ValueError(unknown_name("model", name, MODELS))
    return MODELS[name]


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
    return model_builder(config.name)(
        config, num_classes=num_classes, height_px=height_px, width_px=width_px
    )
