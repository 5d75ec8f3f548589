"""What the Keras model answered at export: the yardstick of the served model.

A file of arrays, `image_<i>` and `mask_png_<i>` (both uint8 [bytes]), which NumPy reads
without pickles. The masks come from the model itself and a plain resize of the whole
picture: they share the network, `prepare` and the PNG's compression with the served
graph, nothing else.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from serving.signatures import PNG_COMPRESSION, ServedModel

KERAS_ANSWERS_FILE = "keras_answers.npz"


@dataclass(frozen=True, kw_only=True)
class KerasAnswer:
    """A photo's file and the 8-bit PNG of class ids at the upright photo's size."""

    image_bytes: bytes
    mask_png_bytes: bytes


def answer_photo(served: ServedModel, image_bytes: bytes) -> KerasAnswer:
    """Returns the Keras model's own mask, worked out outside of any graph."""
    image, box, size_px = served.prepare(tf.constant(image_bytes))
    logits = served.model(tf.cast(image, tf.float32)[tf.newaxis], training=False)
    top, left, box_height, box_width = (int(value) for value in box)
    scores = tf.nn.softmax(tf.cast(logits[0], tf.float32))
    inside = scores[top : top + box_height, left : left + box_width]
    resized = tf.image.resize(inside, size_px)
    mask_ids = tf.cast(tf.argmax(resized, axis=-1), tf.uint8)
    # As the served graph packs it, so that equal masks are equal bytes.
    png = tf.io.encode_png(mask_ids[..., tf.newaxis], compression=PNG_COMPRESSION)
    return KerasAnswer(image_bytes=image_bytes, mask_png_bytes=png.numpy())


def pack_keras_answers(answers: Sequence[KerasAnswer]) -> bytes:
    """Returns the content of `keras_answers.npz`."""
    arrays: dict[str, Any] = {}
    for index, answer in enumerate(answers):
        arrays[f"image_{index}"] = np.frombuffer(answer.image_bytes, np.uint8)
        arrays[f"mask_png_{index}"] = np.frombuffer(answer.mask_png_bytes, np.uint8)
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    return packed.getvalue()


def unpack_keras_answers(content: bytes) -> list[KerasAnswer]:
    """Reads what `pack_keras_answers` wrote, in the same order."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return [
            KerasAnswer(
                image_bytes=arrays[f"image_{index}"].tobytes(),
                mask_png_bytes=arrays[f"mask_png_{index}"].tobytes(),
            )
            for index in range(len(arrays.files) // 2)
        ]
