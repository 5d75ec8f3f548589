"""One affine map of a picture: turn, move, lean, enlarge and mirror at once."""

from __future__ import annotations

from typing import Literal, NamedTuple

import tensorflow as tf

from tfx_pipeline.config.augment import Fill

Interpolation = Literal["BILINEAR", "NEAREST"]


class Affine(NamedTuple):
    """How a picture moves, about its centre: mirror, zoom, shear, rotation, shift.

    Every field is a float32 scalar, drawn or given.

    Attributes:
        rotation_rad: Clockwise as one looks at the picture (y points down).
        shift_x_px: To the right.
        shift_y_px: Down.
        shear: Tangent; x grows by shear * y.
        zoom_x: Factor of enlargement along x.
        zoom_y: Factor of enlargement along y.
        mirror: -1 swaps left and right, 1 does not.
    """

    rotation_rad: tf.Tensor | float = 0.0
    shift_x_px: tf.Tensor | float = 0.0
    shift_y_px: tf.Tensor | float = 0.0
    shear: tf.Tensor | float = 0.0
    zoom_x: tf.Tensor | float = 1.0
    zoom_y: tf.Tensor | float = 1.0
    mirror: tf.Tensor | float = 1.0


def projective_transform(affine: Affine, height_px: int, width_px: int) -> tf.Tensor:
    """Returns float32 [8]: where each output pixel is taken from.

    Written out instead of multiplied as matrices: a mirror alone then hits pixel
    centres exactly, and mirrored twice is the picture itself, bit for bit.
    """
    entries = [tf.cast(entry, tf.float32) for entry in affine]
    rotation, shift_x, shift_y, shear, zoom_x, zoom_y, mirror = entries
    cos, sin = tf.cos(rotation), tf.sin(rotation)
    # Inverse of rotation * shear * zoom * mirror, row by row.
    a, b = (cos + shear * sin) * mirror / zoom_x, (sin - shear * cos) * mirror / zoom_x
    c, d = -sin / zoom_y, cos / zoom_y
    center_x, center_y = (width_px - 1) / 2, (height_px - 1) / 2
    to_x, to_y = center_x + shift_x, center_y + shift_y
    zero = tf.zeros([])
    return tf.stack(
        [
            *(a, b, center_x - a * to_x - b * to_y),
            *(c, d, center_y - c * to_x - d * to_y),
            *(zero, zero),
        ]
    )


def warp(
    pixels: tf.Tensor,
    transform: tf.Tensor,
    *,
    fill: Fill,
    fill_value: int,
    interpolation: Interpolation,
) -> tf.Tensor:
    """Returns the moved picture, of the same shape and type.

    Args:
        pixels: uint8 [height, width, channels].
        transform: float32 [8] of `projective_transform`.
        fill: What stands where the picture does not reach.
        fill_value: The value of fill `constant`.
        interpolation: NEAREST for class ids, BILINEAR (rounded) for colours.
    """
    moved = tf.raw_ops.ImageProjectiveTransformV3(
        # On uint8 the kernel cuts decimals off, which darkens by half a level.
        images=tf.cast(pixels, tf.float32)[tf.newaxis],
        transforms=transform[tf.newaxis],
        output_shape=tf.shape(pixels)[:2],
        fill_value=float(fill_value),
        interpolation=interpolation,
        fill_mode=fill.upper(),
    )[0]
    moved = tf.saturate_cast(tf.round(moved), tf.uint8)
    return tf.ensure_shape(moved, pixels.shape)
