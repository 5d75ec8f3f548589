"""Varies one letterboxed picture and its mask, by a seed."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from tfx_pipeline.config.augment import AugmentConfig
from tfx_pipeline.data.augment import geometric, photometric
from tfx_pipeline.data.augment.seeds import uniforms


def augment(
    image: tf.Tensor,
    mask_ids: tf.Tensor,
    seed: tf.Tensor | int,
    config: AugmentConfig,
    flip_ids: Sequence[int],
) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns a variation of the pair, a function of its arguments alone.

    First one affine map of both (mirror, zoom, shear, rotation, shift about the
    centre; the photo bilinear, the mask nearest), then on the photo alone contrast,
    brightness, saturation, hue, blur and JPEG. All values are drawn at once, each
    from a place of its own: switching one operation off does not change the others.

    Args:
        image: uint8 [height, width, 3], static shape.
        mask_ids: uint8 [height, width], static shape.
        seed: Scalar int64; negative leaves the pair as it is.
        config: The bounds.
        flip_ids: For every class id the id that it becomes in a mirror.

    Returns:
        Photo and mask of the same shapes; the mask holds ids of the given one, their
        partners, and void where fill is `constant`.
    """
    seed = tf.cast(seed, tf.int64)
    return tf.cond(
        seed < 0,
        lambda: (image, mask_ids),
        lambda: _augment(image, mask_ids, seed, config, flip_ids),
    )


def _augment(
    image: tf.Tensor,
    mask_ids: tf.Tensor,
    seed: tf.Tensor,
    config: AugmentConfig,
    flip_ids: Sequence[int],
) -> tuple[tf.Tensor, tf.Tensor]:
    draws = uniforms(seed, geometric.NUM_DRAWS + photometric.NUM_DRAWS)
    if geometric.moves(config):
        height_px, width_px = image.shape[:2]
        affine = geometric.draw_affine(
            draws[: geometric.NUM_DRAWS], config, height_px, width_px
        )
        image, mask_ids = geometric.move_pair(image, mask_ids, affine, config, flip_ids)
    draws = draws[geometric.NUM_DRAWS :]
    return photometric.change_colors(image, draws, config), mask_ids
