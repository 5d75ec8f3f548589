"""Seeds that depend on nothing but what they are for."""

from __future__ import annotations

import tensorflow as tf

# Means "do not augment"; a drawn seed is never negative.
NO_AUGMENT_SEED = -1
_NUM_SEEDS = 2**62


def copy_seed(seed: int, example_id: tf.Tensor, copy: tf.Tensor) -> tf.Tensor:
    """Returns the seed of a copy that Transform writes, int64 >= 0.

    Args:
        seed: Seed of the run.
        example_id: String of any shape.
        copy: Whole number of the same shape, 1 for the first augmented copy.
    """
    return _hash(f"transform/{seed}", tf.as_string(copy), example_id)


def epoch_seed(
    seed: int, epoch: tf.Tensor | int, example_id: tf.Tensor, copy: tf.Tensor
) -> tf.Tensor:
    """Returns the seed of a picture in one epoch of the Trainer, int64 >= 0.

    Args:
        seed: Seed of the run.
        epoch: Number of the epoch.
        example_id: String of any shape.
        copy: Whole number of the same shape, 0 for the plain picture.
    """
    epoch = tf.as_string(tf.cast(epoch, tf.int64))
    return _hash(f"trainer/{seed}", epoch, tf.as_string(copy), example_id)


def order_seed(seed: int, epoch: tf.Tensor | int, part: tf.Tensor | int) -> tf.Tensor:
    """Returns the seed of the order of one part of an epoch, int64 >= 0."""
    epoch, part = tf.cast(epoch, tf.int64), tf.cast(part, tf.int64)
    return _hash(f"order/{seed}", tf.as_string(epoch), tf.as_string(part))


def uniforms(seed: tf.Tensor, count: int) -> tf.Tensor:
    """Returns float32 [count] in [0, 1), a function of the seed alone.

    The algorithm is named: left to itself, TensorFlow takes another one per device.
    """
    pair = tf.stack([tf.cast(seed, tf.int64), tf.constant(0, tf.int64)])
    return tf.random.stateless_uniform([count], pair, alg="philox")


def _hash(*words: str | tf.Tensor) -> tf.Tensor:
    # Fingerprint64 of FarmHash, which is promised never to change.
    return tf.strings.to_hash_bucket_fast(
        tf.strings.join(words, separator="/"), _NUM_SEEDS
    )
