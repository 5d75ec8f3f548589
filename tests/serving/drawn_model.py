"""A Keras model whose masks can be told from the colours, and what serves it."""

from __future__ import annotations

from functools import partial

import keras
import numpy as np

from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.data.prepare import prepare_photo

HEIGHT_PX, WIDTH_PX = 48, 64
CONFIG = PrepareConfig(height_px=HEIGHT_PX, width_px=WIDTH_PX)
prepare = partial(prepare_photo, config=CONFIG)
TAXONOMY = {
    "dataset": "drawn",
    "task": "colour",
    "licence": "CC0-1.0",
    "commercial": "yes",
    "background_id": 0,
    "void_id": 255,
    "classes": [
        {"id": 0, "name": "background", "rgb": [0, 0, 0]},
        {"id": 1, "name": "red", "rgb": [255, 0, 0]},
        {"id": 2, "name": "blue", "rgb": [0, 0, 255]},
    ],
}


@keras.saving.register_keras_serializable("tests")
class ColourScores(keras.layers.Layer):
    """Logits of dark, red and blue; `gain` is a weight, so that one is restored."""

    def build(self, input_shape):
        self.gain = self.add_weight(shape=(), name="gain", initializer="zeros")

    def call(self, inputs):
        red, green, blue = keras.ops.split(inputs / 255.0, 3, axis=-1)
        dark = 0.25 + 0 * green
        scores = [dark, red - green / 2 - blue, blue - green / 2 - red]
        return keras.ops.concatenate(scores, -1) * self.gain


def build_colour_model(gain: float = 8.0) -> keras.Model:
    image = keras.Input((HEIGHT_PX, WIDTH_PX, 3))
    norm, layer = keras.layers.BatchNormalization(epsilon=0), ColourScores()
    model = keras.Model(image, layer(keras.layers.Dropout(0.5)(norm(image))))
    # No value is the one that it starts with, and all together change nothing.
    values = zip((2, 5, 5, 4), norm.weights, strict=True)  # gamma, beta, mean, variance
    for value, weight in values:
        weight.assign([value] * 3)
    layer.gain.assign(gain)
    return model


def right_mask(rgb: np.ndarray) -> np.ndarray:
    """Returns the class ids that the model must give for pixels at its own size."""
    red, green, blue = np.moveaxis(rgb.astype(float) / 255, -1, 0)
    return np.stack(
        [0 * red + 0.25, red - green / 2 - blue, blue - green / 2 - red]
    ).argmax(0)
