"""Moves a photo and its mask together."""

from __future__ import annotations

import math
from collections.abc import Sequence

import tensorflow as tf

from tfx_pipeline.config.augment import AugmentConfig
from tfx_pipeline.data.augment.affine import Affine, projective_transform, warp
from tfx_pipeline.data.letterbox import IMAGE_PAD, MASK_PAD

NUM_DRAWS = 7


def moves(config: AugmentConfig) -> bool:
    """Tells whether the policy can move a pixel at all."""
    return any(
        (
            config.rotation_deg,
            config.shift,
            config.shear,
            config.zoom,
            config.flip_probability,
        )
    )


def draw_affine(
    draws: tf.Tensor, config: AugmentConfig, height_px: int, width_px: int
) -> Affine:
    """Returns the map that seven values of [0, 1) stand for.

    Args:
        draws: float32 [7]: rotation, shift x, shift y, shear, zoom x, zoom y, mirror.
        config: The bounds.
        height_px: Height of the picture.
        width_px: Width of the picture.
    """
    signed = tf.unstack(2.0 * draws - 1.0, NUM_DRAWS)
    zoom_x = 1.0 + config.zoom * signed[4]
    zoom_y = zoom_x if config.zoom_keeps_aspect else 1.0 + config.zoom * signed[5]
    return Affine(
        rotation_rad=math.radians(config.rotation_deg) * signed[0],
        shift_x_px=config.shift * width_px * signed[1],
        shift_y_px=config.shift * height_px * signed[2],
        shear=config.shear * signed[3],
        zoom_x=zoom_x,
        zoom_y=zoom_y,
        mirror=tf.where(draws[6] < config.flip_probability, -1.0, 1.0),
    )


def move_pair(
    image: tf.Tensor,
    mask_ids: tf.Tensor,
    affine: Affine,
    config: AugmentConfig,
    flip_ids: Sequence[int],
) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns photo and mask after one and the same map.

    Args:
        image: uint8 [height, width, 3], static shape.
        mask_ids: uint8 [height, width].
        affine: The map; where it mirrors, ids become their partners.
        config: Its `fill` is used.
        flip_ids: For every class id the id that it becomes in a mirror.
    """
    height_px, width_px = image.shape[:2]
    transform = projective_transform(affine, height_px, width_px)
    image = warp(
        image,
        transform,
        fill=config.fill,
        fill_value=IMAGE_PAD,
        interpolation="BILINEAR",
    )
    mask_ids = warp(
        mask_ids[:, :, tf.newaxis],
        transform,
        fill=config.fill,
        fill_value=MASK_PAD,
        interpolation="NEAREST",
    )[:, :, 0]
    is_mirrored = tf.cast(affine.mirror, tf.float32) < 0
    return image, tf.where(is_mirrored, swap_sides(mask_ids, flip_ids), mask_ids)


def swap_sides(mask_ids: tf.Tensor, flip_ids: Sequence[int]) -> tf.Tensor:
    """Returns the mask with each id's partner; ids beyond the list, void too, stay."""
    table = [*flip_ids, *range(len(flip_ids), 256)]
    return tf.gather(tf.constant(table, tf.uint8), tf.cast(mask_ids, tf.int32))
