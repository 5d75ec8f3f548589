from __future__ import annotations

import numpy as np
import tensorflow as tf

from tfx_pipeline.data.augment.seeds import copy_seed, epoch_seed, order_seed, uniforms


def test_seeds_are_the_same_on_every_machine_and_in_every_release() -> None:
    # Fingerprint64 of "transform/7/1/car_001": a change would redraw all copies.
    assert copy_seed(7, tf.constant("car_001"), tf.constant(1)).numpy() == (
        2_481_883_329_874_065_508
    )


def test_every_part_of_what_a_seed_is_for_changes_it() -> None:
    seeds = [
        copy_seed(seed, tf.constant(name), tf.constant(copy)).numpy()
        for seed in (0, 1)
        for name in ("a", "b")
        for copy in (1, 2)
    ]
    seeds += [
        epoch_seed(seed, epoch, tf.constant(name), tf.constant(copy)).numpy()
        for seed in (0, 1)
        for epoch in (0, 1)
        for name in ("a", "b")
        for copy in (0, 1)
    ]
    seeds += [
        order_seed(seed, epoch, part).numpy() for seed, epoch, part in [(0, 0, 0)]
    ]
    assert len(set(seeds)) == len(seeds)
    assert min(seeds) >= 0


def test_draws_depend_on_the_seed_and_on_nothing_else() -> None:
    first = uniforms(tf.constant(5, tf.int64), 4).numpy()
    tf.random.set_seed(99)
    in_graph = tf.function(lambda seed: uniforms(seed, 4))(tf.constant(5, tf.int64))
    np.testing.assert_array_equal(first, in_graph.numpy())
    assert (first != uniforms(tf.constant(6, tf.int64), 4).numpy()).all()
    many = uniforms(tf.constant(1, tf.int64), 20_000).numpy()
    assert 0 <= many.min() < 0.001
    assert 0.999 < many.max() < 1
    assert abs(many.mean() - 0.5) < 0.01
