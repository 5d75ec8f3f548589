from __future__ import annotations

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tests.tfds_builders import drawn_photos as drawn
from tfds_builders.png_encoding import encode_mask_png
from tfx_pipeline.config.augment import AugmentConfig
from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.data.prepare import prepare, prepare_photo

CONFIG = PrepareConfig(height_px=48, width_px=64, augment=AugmentConfig(shift=0.3))
FLIP_IDS = (0, 2, 1)


def stored(orientation: int = 1) -> tuple[bytes, bytes]:
    """A photo stored 40 x 56 and its upright mask."""
    mask = np.zeros((40, 56), np.uint8)
    mask[10:30, 5:20] = 1
    mask[10:30, 30:50] = 2
    if orientation == 6:
        mask = np.rot90(mask, -1)
    return drawn.encode(drawn.picture(40, 56), "PNG"), encode_mask_png(mask)


def test_minus_one_is_the_letterbox_only() -> None:
    photo, mask = stored()
    image, mask_ids = prepare(photo, mask, -1, CONFIG, flip_ids=FLIP_IDS)
    boxed = tf.image.resize(np.asarray(drawn.picture(40, 56)), (46, 64), antialias=True)
    np.testing.assert_array_equal(image[1:47], np.round(boxed.numpy()))
    for row in (0, 47):
        assert (image[row].numpy() == 127).all()
        assert (mask_ids[row].numpy() == 255).all()
    assert set(np.unique(mask_ids)) == {0, 1, 2, 255}


def test_photo_and_mask_meet_upright() -> None:
    photo, mask = stored(orientation=6)
    image, mask_ids = prepare(photo, mask, -1, CONFIG, orientation=tf.constant(6))
    # 56 x 40 into 48 x 64: 34 columns, 15 on either side.
    assert (mask_ids[:, :15].numpy() == 255).all()
    assert (mask_ids[:, 15:49].numpy() != 255).all()
    upright = drawn.picture(40, 56).transpose(Image.Transpose.ROTATE_270)
    by_hand = io.BytesIO()
    upright.save(by_hand, "PNG")
    same, _ = prepare(by_hand.getvalue(), mask, -1, CONFIG)
    np.testing.assert_array_equal(image, same)


def test_serving_sees_the_very_pixels_of_training() -> None:
    photo, mask = stored()
    trained, _ = prepare(photo, mask, -1, CONFIG)
    served, no_mask = prepare(photo, None, -1, CONFIG)
    assert no_mask is None
    image, box, size_px = prepare_photo(photo, CONFIG)
    np.testing.assert_array_equal(served, trained)
    np.testing.assert_array_equal(image, trained)
    assert box.dtype == size_px.dtype == tf.int32
    assert box.numpy().tolist() == [1, 0, 46, 64]
    assert size_px.numpy().tolist() == [40, 56]


def test_a_tensor_seed_decides_in_the_graph() -> None:
    photo, mask = stored()
    in_graph = tf.function(
        lambda seed: prepare(photo, mask, seed, CONFIG, flip_ids=FLIP_IDS),
        input_signature=[tf.TensorSpec([], tf.int64)],
    )
    plain = prepare(photo, mask, -1, CONFIG)
    for left, right in zip(in_graph(-1), plain, strict=True):
        np.testing.assert_array_equal(left, right)
    varied = in_graph(3)
    assert (varied[0].numpy() != plain[0].numpy()).any()
    again = prepare(photo, mask, 3, CONFIG, flip_ids=FLIP_IDS)
    for left, right in zip(varied, again, strict=True):
        np.testing.assert_array_equal(left, right)


def test_a_photo_without_a_mask_is_never_augmented() -> None:
    with pytest.raises(ValueError, match=r"seed must be -1 without a mask, got 4"):
        prepare(stored()[0], None, 4, CONFIG)


def test_a_mask_of_another_size_is_refused_by_both_sizes() -> None:
    photo, _ = stored()
    mask = encode_mask_png(np.zeros((56, 40), np.uint8))
    message = r"(?s)size of its upright photo.*56, 40.*40, 56.*carseg data audit"
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        prepare(photo, mask, -1, CONFIG)


def test_the_serving_graph_draws_nothing() -> None:
    graph = (
        tf.function(
            lambda photo: prepare(photo, None, -1, CONFIG),
            input_signature=[tf.TensorSpec([], tf.string)],
        )
        .get_concrete_function()
        .graph
    )
    operations = {node.op for node in graph.as_graph_def().node}
    assert not {name for name in operations if "Random" in name or "Projective" in name}
