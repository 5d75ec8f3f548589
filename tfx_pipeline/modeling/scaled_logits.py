"""Divides a network's logits by a number, in the weights of its last linear layer.

Between that layer and the logits there may only be what is linear and adds nothing of
its own. So neither the graph nor its speed changes, and no mask.
"""

from __future__ import annotations

import math

import keras
import numpy as np
from keras import layers

# `unet` ends in the first. After the second `deeplab_v3_plus` enlarges bilinearly, in
# a layer that has the first name and no weights.
LAST_LINEAR_LAYERS = ("logits", "logits_quarter")


def divide_logits(model: keras.Model, temperature: float) -> None:
    """Changes kernel and bias so that the model returns its logits / `temperature`.

    Args:
        model: A network of this folder.
        temperature: Above 0; above 1 makes scores less certain.
    """
    if not (math.isfinite(temperature) and temperature > 0):
        raise ValueError(
            f"the temperature must be a number above 0, got {temperature}; 1 changes"
            " nothing"
        )
    layer = _last_linear_layer(model)
    layer.set_weights(
        [
            (weight.astype(np.float64) / temperature).astype(weight.dtype)
            for weight in layer.get_weights()
        ]
    )


def _last_linear_layer(model: keras.Model) -> layers.Layer:
    found = [
        layer
        for layer in model._flatten_layers()
        if layer.name in LAST_LINEAR_LAYERS
        and isinstance(layer, (layers.Conv2D, layers.Conv2DTranspose))
        and layer.activation is keras.activations.linear
    ]
    if len(found) != 1:
        raise ValueError(
            "logits are scaled in the one convolution without activation named"
            f" {' or '.join(LAST_LINEAR_LAYERS)}, model {model.name!r} has"
            f" {len(found)}; name its last linear layer so, or set"
            " training.calibrate=false"
        )
    return found[0]
