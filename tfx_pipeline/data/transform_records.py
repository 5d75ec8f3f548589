"""From a batch of records to rows of prepared pictures, augmented copies included."""

from __future__ import annotations

from collections.abc import Mapping

import tensorflow as tf

from tfx_pipeline.config.transform_settings import TransformSettings
from tfx_pipeline.data.augment.augment import augment
from tfx_pipeline.data.augment.seeds import NO_AUGMENT_SEED, copy_seed
from tfx_pipeline.data.prepare import letterbox_pair

# Features that every row has from its record, unchanged.
PASSED_ON = ("example_id", "group_id", "view", "domain", "source", "split")
AUGMENTED_SPLIT = b"train"

# Bounds the pictures that are decoded at a time; a batch holds compressed ones.
_PARALLEL_PICTURES = 4
_FASTEST_PNG = 1


def transform_records(
    columns: Mapping[str, tf.Tensor], settings: TransformSettings
) -> dict[str, tf.Tensor]:
    """Returns the rows of a batch of records, in order, copies behind their original.

    Args:
        columns: `image`, `mask`, `orientation` and those of `PASSED_ON`, each [batch].
        settings: Task, size, augmentation, seed.

    Returns:
        `image` and `mask` as PNG bytes, `copy` (0 for the plain picture) and those of
        `PASSED_ON`, each [rows].
    """
    most = 1 + settings.prepare.augment.transform_copies
    counts = tf.where(columns["split"] == AUGMENTED_SPLIT, most, 1)
    # Rows of one record stay together, so that a photo is decoded once.
    pngs = tf.map_fn(
        lambda record: _draw_rows(record, most, settings),
        (
            *(columns[name] for name in ("image", "mask", "orientation")),
            *(columns["example_id"], counts),
        ),
        fn_output_signature=tf.TensorSpec([most, 2], tf.string),
        parallel_iterations=_PARALLEL_PICTURES,
    )
    # [batch, most]; false where a record has fewer rows.
    exists = tf.sequence_mask(counts, most)
    copies = tf.broadcast_to(tf.range(most, dtype=tf.int64), tf.shape(exists))
    pngs = tf.boolean_mask(pngs, exists)
    return {
        "image": pngs[:, 0],
        "mask": pngs[:, 1],
        "copy": tf.boolean_mask(copies, exists),
        **{name: tf.repeat(columns[name], counts) for name in PASSED_ON},
    }


def _draw_rows(
    record: tuple[tf.Tensor, ...], most: int, settings: TransformSettings
) -> tf.Tensor:
    """Returns string [most, 2], photo and mask; empty where the record has no row."""
    image_bytes, mask_bytes, orientation, example_id, count = record
    image, mask_ids = letterbox_pair(
        image_bytes, mask_bytes, settings.prepare, orientation=orientation
    )
    rows = tf.map_fn(
        lambda seed: _encode(
            *augment(image, mask_ids, seed, settings.prepare.augment, settings.flip_ids)
        ),
        row_seeds(settings.seed, example_id, count),
        fn_output_signature=tf.TensorSpec([2], tf.string),
        parallel_iterations=1,
    )
    missing = tf.fill(tf.stack([most - tf.shape(rows)[0], 2]), "")
    return tf.ensure_shape(tf.concat([rows, missing], axis=0), [most, 2])


def row_seeds(seed: int, example_id: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
    """Returns int64 [count]: the plain picture's, then one for each copy.

    Args:
        seed: Seed of the run.
        example_id: Scalar string.
        count: Scalar, rows of this record, at least 1.
    """
    copies = tf.range(1, count)
    example_ids = tf.repeat(example_id, count - 1)
    plain = tf.constant([NO_AUGMENT_SEED], tf.int64)
    return tf.concat([plain, copy_seed(seed, example_ids, copies)], axis=0)


def _encode(image: tf.Tensor, mask_ids: tf.Tensor) -> tf.Tensor:
    return tf.stack(
        [
            tf.io.encode_png(image, compression=_FASTEST_PNG),
            tf.io.encode_png(mask_ids[:, :, tf.newaxis], compression=_FASTEST_PNG),
        ]
    )
