"""The one way from bytes to what a model sees, in training and in serving."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.data.augment.augment import augment
from tfx_pipeline.data.augment.seeds import NO_AUGMENT_SEED
from tfx_pipeline.data.decode import decode_mask, decode_upright
from tfx_pipeline.data.letterbox import (
    letterbox_box_tensor,
    letterbox_image,
    letterbox_mask,
)


def prepare(
    image_bytes: tf.Tensor,
    mask_bytes: tf.Tensor | None,
    seed: tf.Tensor | int,
    config: PrepareConfig,
    *,
    orientation: tf.Tensor | None = None,
    flip_ids: Sequence[int] = (),
) -> tuple[tf.Tensor, tf.Tensor | None]:
    """Decodes upright, letterboxes, augments; pure, in the graph or not.

    Args:
        image_bytes: Scalar string, a photo.
        mask_bytes: Scalar string, the mask as PNG of class ids; None in serving.
        seed: Scalar; negative skips the augmentation only.
        config: Size and augmentation.
        orientation: Scalar EXIF value; None reads it from the photo.
        flip_ids: For every class id the id that it becomes in a mirror.

    Returns:
        uint8 [height_px, width_px, 3] and uint8 [height_px, width_px], or None
        without a mask.
    """
    if mask_bytes is None:
        if not isinstance(seed, int) or seed >= 0:
            raise ValueError(
                f"seed must be {NO_AUGMENT_SEED} without a mask, got {seed!r}; only"
                " training pictures, which have a mask, are augmented"
            )
        image, _, _ = prepare_photo(image_bytes, config, orientation=orientation)
        return image, None
    pair = letterbox_pair(image_bytes, mask_bytes, config, orientation=orientation)
    if isinstance(seed, int) and seed < 0:
        return pair
    return augment(*pair, seed, config.augment, flip_ids)


def letterbox_pair(
    image_bytes: tf.Tensor,
    mask_bytes: tf.Tensor,
    config: PrepareConfig,
    *,
    orientation: tf.Tensor | None = None,
) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns photo and mask in the letterbox: `prepare` without the augmentation."""
    image = decode_upright(image_bytes, orientation)
    mask_ids = _of_size(decode_mask(mask_bytes), image)
    size = config.height_px, config.width_px
    return letterbox_image(image, *size), letterbox_mask(mask_ids, *size)


def prepare_photo(
    image_bytes: tf.Tensor,
    config: PrepareConfig,
    *,
    orientation: tf.Tensor | None = None,
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Prepares a photo as `prepare` does, and says how to get back.

    Returns:
        uint8 [height_px, width_px, 3]; the photo's place in it as int32 [top, left,
        height, width]; the upright photo's size as int32 [height, width].
    """
    image = decode_upright(image_bytes, orientation)
    size_px = tf.shape(image)[:2]
    box = letterbox_box_tensor(size_px, config.height_px, config.width_px)
    return letterbox_image(image, config.height_px, config.width_px), box, size_px


def _of_size(mask_ids: tf.Tensor, image: tf.Tensor) -> tf.Tensor:
    sizes = tf.shape(mask_ids), tf.shape(image)[:2]
    check = tf.debugging.Assert(
        tf.reduce_all(sizes[0] == sizes[1]),
        [
            "a mask must have the size of its upright photo, got",
            sizes[0],
            "for a photo of",
            sizes[1],
            "; audit the dataset with `carseg data audit`",
        ],
    )
    with tf.control_dependencies([check] if check is not None else []):
        return tf.identity(mask_ids)
