"""The first layer of every model: pixel values 0..255 become what a network likes."""

from __future__ import annotations

from typing import Any

import keras

from tfx_pipeline.config.unknown_name import unknown_name

# name: (offset, scale) per channel of (pixels - offset) * scale.
RANGES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "minus_one_to_one": ((127.5,) * 3, (1 / 127.5,) * 3),
    "zero_to_one": ((0.0,) * 3, (1 / 255,) * 3),
    # Mean and deviation of ImageNet's training photos, as torchvision uses them.
    "imagenet": (
        (255 * 0.485, 255 * 0.456, 255 * 0.406),
        (1 / (255 * 0.229), 1 / (255 * 0.224), 1 / (255 * 0.225)),
    ),
    "none": ((0.0,) * 3, (1.0,) * 3),
}


@keras.saving.register_keras_serializable("carseg")
class PixelNormalisation(keras.layers.Layer):
    """Shifts and scales RGB pixels 0..255 by a named rule, in float32.

    It is part of the model, so training and serving cannot scale differently.

    Args:
        pixel_range: A name in `RANGES`.
        **kwargs: As any Keras layer's; `dtype` defaults to float32 also under mixed
            precision: 16 bits would round pixels before the first convolution.
    """

    def __init__(self, pixel_range: str = "minus_one_to_one", **kwargs: Any) -> None:
        if pixel_range not in RANGES:
            raise ValueError(unknown_name("pixel range", pixel_range, RANGES))
        super().__init__(**({"dtype": "float32"} | kwargs))
        self.pixel_range = pixel_range

    def call(self, pixels: Any) -> Any:
        """Returns [batch, height, width, 3] of the same shape."""
        offset, scale = RANGES[self.pixel_range]
        pixels = keras.ops.cast(pixels, self.compute_dtype)
        return (pixels - keras.ops.array(offset, self.compute_dtype)) * keras.ops.array(
            scale, self.compute_dtype
        )

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> Any:
        """Returns the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return super().get_config() | {"pixel_range": self.pixel_range}
