"""Logits of eval pixels, drawn so that memory is bounded whatever the split's size."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from tfx_pipeline.training.splits import Splits
from tfx_pipeline.training.temperature import ClassIds, Logits

MAX_PIXELS = 1_000_000
MAX_VALUES = 8_000_000  # 32 MB of logits, whatever the number of classes
# A training's batch is sized for all its devices, this runs on one of them.
_PICTURES = 4


def sample_logits(
    model: keras.Model, splits: Splits, *, max_pixels: int = MAX_PIXELS
) -> tuple[Logits, ClassIds]:
    """Returns what a model says of labelled eval pixels, and what is true.

    The same pixels come on every call: every pixel of the split has the same chance,
    void ones are left out afterwards.

    Args:
        model: Pixels 0..255 to logits [n, h, w, classes].
        splits: The eval split, as far as an evaluation between epochs reads it.
        max_pixels: Drawn at most.

    Returns:
        Logits [pixels, classes] and class ids [pixels].
    """
    _, height_px, width_px, num_classes = model.output_shape
    batch_size = splits.settings.training.batch_size
    pixels = splits.eval_steps * batch_size * height_px * width_px
    share = min(1.0, min(max_pixels, MAX_VALUES // num_classes) / pixels)
    pick = _picker(model)
    rng = np.random.default_rng(0)
    rows = [np.zeros((0, num_classes), np.float32)]
    ids = [np.zeros(0, np.uint8)]
    for images, mask_ids in _few_pictures(splits):
        true = mask_ids.numpy().reshape(-1)
        places = _places(true.size, share, rng)
        places = places[true[places] < num_classes]
        rows.append(pick(images, places).numpy())
        ids.append(true[places])
    return np.concatenate(rows), np.concatenate(ids)


def _few_pictures(splits: Splits) -> Iterator[tuple[tf.Tensor, tf.Tensor]]:
    # TensorFlow would log a warning if it were asked for a batch after the last.
    for images, mask_ids in islice(splits.evaluation(), splits.eval_steps):
        for start in range(0, len(images), _PICTURES):
            few = slice(start, start + _PICTURES)
            yield images[few], mask_ids[few]


def _places(
    pixels: int, share: float, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    if share == 1:
        return np.arange(pixels)
    return rng.choice(pixels, int(pixels * share), replace=False, shuffle=False)


def _picker(model: keras.Model) -> Any:
    """Returns a graph from pictures [n, h, w, 3] and flat places to logits there."""

    def pick(images: tf.Tensor, places: tf.Tensor) -> tf.Tensor:
        logits = model(tf.cast(images, tf.float32), training=False)
        return tf.gather(tf.reshape(logits, [-1, logits.shape[-1]]), places)

    shapes = [
        tf.TensorSpec([None, *model.input_shape[1:]], tf.uint8),
        tf.TensorSpec([None], tf.int64),
    ]
    return tf.function(pick, shapes, autograph=False)
