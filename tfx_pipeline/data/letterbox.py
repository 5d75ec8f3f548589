"""Fits a picture of any size into a fixed one, ratio kept, centred."""

from __future__ import annotations

import tensorflow as tf

from tfds_builders.taxonomy import VOID_ID

IMAGE_PAD = 127
MASK_PAD = VOID_ID


def letterbox_box(
    height_px: int, width_px: int, out_height_px: int, out_width_px: int
) -> tuple[int, int, int, int]:
    """Returns (top, left, height, width) of the picture inside its letterbox.

    Whole-number arithmetic, so that the graph below gives the same answer to the pixel.

    Example:
        >>> letterbox_box(1280, 1918, 256, 256)
        (42, 0, 171, 256)
    """
    if height_px < 1 or width_px < 1:
        raise ValueError(f"a picture has at least 1 x 1 px, got {height_px}x{width_px}")
    if out_height_px * width_px <= out_width_px * height_px:
        height = out_height_px
        width = max(1, (2 * width_px * out_height_px + height_px) // (2 * height_px))
    else:
        height = max(1, (2 * height_px * out_width_px + width_px) // (2 * width_px))
        width = out_width_px
    return (out_height_px - height) // 2, (out_width_px - width) // 2, height, width


def letterbox_box_tensor(
    shape: tf.Tensor, out_height_px: int, out_width_px: int
) -> tf.Tensor:
    """Returns the same box as int32 [4] inside the graph.

    Args:
        shape: Shape of the picture, [height, width, ...].
        out_height_px: Height of the letterbox.
        out_width_px: Width of the letterbox.
    """
    height, width = tf.unstack(tf.cast(shape[:2], tf.int64), 2)
    is_tall = out_height_px * width <= out_width_px * height
    scaled_width = (2 * width * out_height_px + height) // (2 * height)
    scaled_height = (2 * height * out_width_px + width) // (2 * width)
    new_height = tf.where(is_tall, tf.cast(out_height_px, tf.int64), scaled_height)
    new_width = tf.where(is_tall, scaled_width, tf.cast(out_width_px, tf.int64))
    new_height, new_width = tf.maximum(new_height, 1), tf.maximum(new_width, 1)
    top, left = (out_height_px - new_height) // 2, (out_width_px - new_width) // 2
    return tf.cast(tf.stack([top, left, new_height, new_width]), tf.int32)


def letterbox_image(image: tf.Tensor, height_px: int, width_px: int) -> tf.Tensor:
    """Returns the photo in its letterbox: bilinear with antialias, grey 127 around it.

    Args:
        image: uint8 [height, width, 3].
        height_px: Height of the letterbox.
        width_px: Width of the letterbox.

    Returns:
        uint8 [height_px, width_px, 3].
    """
    box = letterbox_box_tensor(tf.shape(image), height_px, width_px)
    resized = tf.image.resize(image, box[2:], method="bilinear", antialias=True)
    pixels = tf.saturate_cast(tf.round(resized), tf.uint8)
    return _pad(pixels, box, height_px, width_px, IMAGE_PAD, channels=3)


def letterbox_mask(mask_ids: tf.Tensor, height_px: int, width_px: int) -> tf.Tensor:
    """Returns the mask in its letterbox: nearest pixel, void around it.

    Args:
        mask_ids: uint8 [height, width].
        height_px: Height of the letterbox.
        width_px: Width of the letterbox.

    Returns:
        uint8 [height_px, width_px].
    """
    box = letterbox_box_tensor(tf.shape(mask_ids), height_px, width_px)
    resized = tf.image.resize(mask_ids[:, :, tf.newaxis], box[2:], method="nearest")
    return _pad(resized, box, height_px, width_px, MASK_PAD, channels=1)[:, :, 0]


def _pad(
    pixels: tf.Tensor,
    box: tf.Tensor,
    height_px: int,
    width_px: int,
    value: int,
    *,
    channels: int,
) -> tf.Tensor:
    top, left, height, width = tf.unstack(box, 4)
    below, right = height_px - top - height, width_px - left - width
    margins = [[top, below], [left, right], [0, 0]]
    padded = tf.pad(pixels, margins, constant_values=tf.cast(value, pixels.dtype))
    return tf.ensure_shape(padded, [height_px, width_px, channels])
