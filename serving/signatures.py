"""The functions that the served model offers; bytes in, masks out, batch first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import keras
import tensorflow as tf

from serving.back_to_photo import PhotoMask, back_to_photo
from serving.image_check import check_pictures

Outputs = dict[str, tf.Tensor]

MAX_CLASSES = 255  # a mask is a byte per pixel, and 255 is void
# Measured on a mask of 12 MP: levels 1..3 give 73 KB, 4 gives 26 KB in 0.1 s, 9 gives
# 22 KB in 0.16 s. What the Keras model answers is packed alike, see `keras_answers`.
PNG_COMPRESSION = 4
# Photos of one request are worked on side by side up to here: more would cost memory.
PARALLEL_PHOTOS = 2


class Prepare(Protocol):
    """From the bytes of one photo to the model's input."""

    def __call__(
        self, image_bytes: tf.Tensor, *, orientation: tf.Tensor | None = None
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """Decodes, turns upright, letterboxes.

        Args:
            image_bytes: Scalar string.
            orientation: Scalar EXIF value; None reads it from the bytes.

        Returns:
            uint8 [H, W, 3]; the photo's place in it as int32 [top, left, height,
            width]; the upright photo's size as int32 [height, width].
        """


@dataclass(frozen=True, kw_only=True)
class ServedModel:
    """A model with all that its signatures need.

    Attributes:
        model: Takes float32 [n, H, W, 3] of 0..255, returns logits [n, H, W, classes].
        prepare: From a photo's bytes to the model's input; see `Prepare`.
        num_classes: Classes of the logits, void not counted.
        background_id: The class that means "nothing", None where there is none.
    """

    model: keras.Model
    prepare: Prepare
    num_classes: int
    background_id: int | None

    def __post_init__(self) -> None:
        if not 1 <= self.num_classes <= MAX_CLASSES:
            raise ValueError(
                f"num_classes must be 1..{MAX_CLASSES}, got {self.num_classes};"
                " a mask has one byte per pixel and 255 is void"
            )
        expected = (None, self.height_px, self.width_px, self.num_classes)
        if None in expected[1:] or self.model.output_shape != expected:
            raise ValueError(
                "the model must return logits [n, H, W, classes] at the fixed size of"
                f" its input, here {expected}, got {self.model.output_shape};"
                " build it with height, width and the taxonomy's number of classes"
            )

    @property
    def height_px(self) -> int:
        """Height of the model's input."""
        return self.model.input_shape[1]

    @property
    def width_px(self) -> int:
        """Width of the model's input."""
        return self.model.input_shape[2]

    def endpoints(self) -> dict[str, tuple[Callable[..., Outputs], tf.TensorSpec]]:
        """Returns signature name to function and input."""
        photos = tf.TensorSpec([None], tf.string, name="image_bytes")
        records = tf.TensorSpec([None], tf.string, name="examples")
        pixels = tf.TensorSpec(
            [None, self.height_px, self.width_px, 3], tf.uint8, name="image"
        )
        return {
            "serving_default": (self.serving_default, photos),
            "mask_ids": (self.mask_ids, photos),
            "probabilities": (self.probabilities, photos),
            "dense": (self.dense, pixels),
            "examples": (self.examples, records),
        }

    def serving_default(self, image_bytes: tf.Tensor) -> Outputs:
        """Photos of any size to masks of that size.

        Args:
            image_bytes: string [n]; JPEG, PNG, BMP or GIF.

        Returns:
            `mask_png_bytes` string [n], `height` and `width` int32 [n] of the upright
            photo, `area_fraction` float32 [n, classes], and `confidence` float32 [n]:
            the mean score of the pixels that are not background, or of all where
            all are.
        """
        images, boxes, sizes = self._prepare(image_bytes, "image_bytes")
        scores = self._scores(images)

        def answer(photo: tuple[tf.Tensor, ...]) -> tuple[tf.Tensor, ...]:
            mask = back_to_photo(*photo, background_id=self.background_id)
            return _png(mask.mask_ids), *self._summary(mask)

        pngs, fractions, confidence = _map_on_cpu(
            answer,
            (scores, boxes, sizes),
            (
                tf.TensorSpec([], tf.string),
                tf.TensorSpec([self.num_classes], tf.float32),
                tf.TensorSpec([], tf.float32),
            ),
        )
        return {
            "mask_png_bytes": pngs,
            "height": sizes[:, 0],
            "width": sizes[:, 1],
            "area_fraction": fractions,
            "confidence": confidence,
        }

    def mask_ids(self, image_bytes: tf.Tensor) -> Outputs:
        """Photos to `mask` uint8 [n, H, W] at the model's size and `box` int32 [n, 4].

        The box holds top, left, height and width of the photo inside the letterbox.
        """
        images, boxes, _ = self._prepare(image_bytes, "image_bytes")
        return {"mask": _class_ids(self._logits(images)), "box": boxes}

    def probabilities(self, image_bytes: tf.Tensor) -> Outputs:
        """Photos to `probabilities` float32 [n, H, W, classes] and `box`; large."""
        images, boxes, _ = self._prepare(image_bytes, "image_bytes")
        return {"probabilities": self._scores(images), "box": boxes}

    def dense(self, image: tf.Tensor) -> Outputs:
        """Prepared pixels uint8 [n, H, W, 3] to `mask` uint8 [n, H, W]."""
        return {"mask": _class_ids(self._logits(image))}

    def examples(self, examples: tf.Tensor) -> Outputs:
        """Serialized records to two PNG of the upright photo's size.

        Args:
            examples: string [n]; tf.Examples with `image` and `orientation`.

        Returns:
            `mask_png_bytes` and `confidence_png_bytes` (255 stands for 1), string [n].
        """
        features = tf.io.parse_example(
            examples,
            {
                "image": tf.io.FixedLenFeature([], tf.string),
                "orientation": tf.io.FixedLenFeature([], tf.int64),
            },
        )
        images, boxes, sizes = self._prepare(
            features["image"], "image of examples", features["orientation"]
        )

        def answer(photo: tuple[tf.Tensor, ...]) -> tuple[tf.Tensor, ...]:
            mask = back_to_photo(*photo, background_id=self.background_id)
            return _png(mask.mask_ids), _png(mask.confidence)

        pngs = _map_on_cpu(
            answer,
            (self._scores(images), boxes, sizes),
            (tf.TensorSpec([], tf.string), tf.TensorSpec([], tf.string)),
        )
        return {"mask_png_bytes": pngs[0], "confidence_png_bytes": pngs[1]}

    def _prepare(
        self, image_bytes: tf.Tensor, name: str, orientations: tf.Tensor | None = None
    ) -> tuple[tf.Tensor, ...]:
        """Returns uint8 [n, H, W, 3], boxes int32 [n, 4] and sizes int32 [n, 2]."""
        # No kernel of a GPU takes strings, so where they are the place is the CPU.
        with tf.device("/cpu:0"):
            checked = check_pictures(image_bytes, name)
            return self._prepare_all(
                (checked,) if orientations is None else (checked, orientations)
            )

    def _logits(self, images: tf.Tensor) -> tf.Tensor:
        return self._network(images)

    # TensorFlow traces every signature twice while it exports. What they share is a
    # function of its own: that halves the export's time and the graph's size.
    @cached_property
    def _network(self) -> Any:
        """Takes uint8 [n, H, W, 3], returns logits [n, H, W, classes]."""
        return tf.function(
            lambda images: self.model(tf.cast(images, tf.float32), training=False),
            [tf.TensorSpec([None, self.height_px, self.width_px, 3], tf.uint8)],
            autograph=False,
        )

    @cached_property
    def _prepare_all(self) -> Any:
        """Takes bytes, or bytes and orientations, string and int64 [n]."""
        return tf.function(self._map_prepare, autograph=False)

    def _map_prepare(self, photos: tuple[tf.Tensor, ...]) -> tuple[tf.Tensor, ...]:
        def prepare_one(photo: tuple[tf.Tensor, ...]) -> tuple[tf.Tensor, ...]:
            return self.prepare(
                photo[0], orientation=photo[1] if len(photo) == 2 else None
            )

        return _map_on_cpu(
            prepare_one,
            photos,
            (
                tf.TensorSpec([self.height_px, self.width_px, 3], tf.uint8),
                tf.TensorSpec([4], tf.int32),
                tf.TensorSpec([2], tf.int32),
            ),
        )

    def _scores(self, images: tf.Tensor) -> tf.Tensor:
        return tf.nn.softmax(tf.cast(self._logits(images), tf.float32))

    def _summary(self, mask: PhotoMask) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns the classes' shares of the photo, and the confidence."""
        pixels = tf.cast(mask.pixels, tf.float64)
        total = tf.reduce_sum(pixels)
        background = 0.0 if self.background_id is None else pixels[self.background_id]
        counted = total - background
        confidence = tf.where(
            counted > 0,
            tf.math.divide_no_nan(mask.confidence_sums[1], counted),
            mask.confidence_sums[0] / total,
        )
        return tf.cast(pixels / total, tf.float32), tf.cast(confidence, tf.float32)


def _class_ids(logits: tf.Tensor) -> tf.Tensor:
    return tf.cast(tf.argmax(logits, axis=-1, output_type=tf.int32), tf.uint8)


def _png(pixels: tf.Tensor) -> tf.Tensor:
    return tf.io.encode_png(pixels[..., tf.newaxis], compression=PNG_COMPRESSION)


def _map_on_cpu(
    function: Callable[[tuple[tf.Tensor, ...]], tuple[tf.Tensor, ...]],
    elements: tuple[tf.Tensor, ...],
    outputs: tuple[tf.TensorSpec, ...],
) -> tuple[tf.Tensor, ...]:
    with tf.device("/cpu:0"):
        return tf.map_fn(
            function,
            elements,
            fn_output_signature=outputs,
            parallel_iterations=PARALLEL_PHOTOS,
        )
