"""What the augmentation makes of one record, for people to look at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.data.augment.seeds import NO_AUGMENT_SEED, copy_seed
from tfx_pipeline.data.prepare import prepare

Pixels = npt.NDArray[np.uint8]


def preview_copies(
    image_bytes: bytes,
    mask_bytes: bytes,
    config: PrepareConfig,
    *,
    example_id: bytes,
    orientation: int,
    flip_ids: Sequence[int],
    copies: int,
    seed: int = 0,
) -> list[tuple[Pixels, Pixels]]:
    """Returns photo and mask of the plain picture, then of its augmented copies.

    The copies are the very ones that Transform writes for this seed and example.

    Args:
        image_bytes: The record's photo.
        mask_bytes: The record's mask of one task.
        config: Size and augmentation.
        example_id: The record's id.
        orientation: The record's EXIF orientation.
        flip_ids: For every class id the id that it becomes in a mirror.
        copies: How many augmented copies to draw.
        seed: Seed of the run.
    """

    @tf.function(input_signature=[tf.TensorSpec([], tf.int64)])
    def draw(drawn_seed: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return prepare(
            tf.constant(image_bytes),
            tf.constant(mask_bytes),
            drawn_seed,
            config,
            orientation=tf.constant(orientation),
            flip_ids=flip_ids,
        )

    drawn = [tf.constant(NO_AUGMENT_SEED, tf.int64)]
    drawn += [copy_seed(seed, example_id, copy) for copy in range(1, copies + 1)]
    return [(image.numpy(), mask.numpy()) for image, mask in map(draw, drawn)]
