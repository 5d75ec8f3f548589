from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from serving.back_to_photo import PhotoMask, back_to_photo

CLASSES = 5
# Photo's height and width, and its box in scores of 24 x 32.
PHOTOS = {
    "larger, even": ((96, 128), (0, 0, 24, 32)),
    "larger, odd": ((131, 97), (0, 7, 24, 18)),
    "wide": ((40, 301), (10, 0, 4, 32)),
    "tall": ((517, 3), (0, 16, 24, 1)),
    "smaller": ((11, 13), (0, 2, 24, 28)),
    "one pixel": ((1, 1), (0, 4, 24, 24)),
    "same size": ((24, 32), (0, 0, 24, 32)),
}


@tf.function(
    autograph=False,
    input_signature=[
        tf.TensorSpec([24, 32, CLASSES], tf.float32),
        tf.TensorSpec([4], tf.int32),
        tf.TensorSpec([2], tf.int32),
        tf.TensorSpec([], tf.int32),
    ],
)
def in_graph(
    scores: tf.Tensor, box: tf.Tensor, size_px: tf.Tensor, block_bytes: tf.Tensor
) -> PhotoMask:
    return back_to_photo(scores, box, size_px, background_id=0, block_bytes=block_bytes)


def draw_scores(seed: int) -> np.ndarray:
    scores = np.random.default_rng(seed).random((24, 32, CLASSES), np.float32)
    return scores / scores.sum(-1, keepdims=True)


def resize_whole(scores: np.ndarray, box: tuple, size_px: tuple) -> np.ndarray:
    top, left, height, width = box
    cropped = scores[top : top + height, left : left + width]
    return tf.image.resize(cropped, size_px).numpy()


@pytest.mark.parametrize("rows", [1, 7, 10_000], ids=["row by row", "seven", "whole"])
@pytest.mark.parametrize(("size_px", "box"), PHOTOS.values(), ids=PHOTOS)
def test_blocks_equal_the_resize_of_the_whole_to_the_pixel(
    size_px: tuple, box: tuple, rows: int
) -> None:
    scores = draw_scores(seed=rows)
    whole = resize_whole(scores, box, size_px)
    result = in_graph(scores, box, size_px, rows * size_px[1] * CLASSES * 4)
    expected = whole.argmax(-1)
    assert result.mask_ids.dtype == tf.uint8
    np.testing.assert_array_equal(result.mask_ids, expected)
    np.testing.assert_array_equal(result.confidence, np.round(whole.max(-1) * 255))
    np.testing.assert_array_equal(
        result.pixels, np.bincount(expected.ravel(), minlength=CLASSES)
    )
    best = whole.max(-1).astype(np.float64)
    sums = [best.sum(), best[expected != 0].sum()]
    np.testing.assert_allclose(result.confidence_sums, sums, rtol=1e-6)


def test_ties_go_to_the_lower_id_and_the_pad_does_not_bleed_in() -> None:
    scores = np.zeros((24, 32, CLASSES), np.float32)
    scores[..., 4] = 1.0  # the pad
    scores[6:18, :16] = [0.5, 0.5, 0, 0, 0]
    scores[6:18, 16:] = [0, 0, 0, 1.0, 0]
    result = in_graph(scores, [6, 0, 12, 32], [48, 128], 4096)
    np.testing.assert_array_equal(result.mask_ids[:, :62], 0)
    np.testing.assert_array_equal(result.mask_ids[:, 66:], 3)
    assert result.pixels.numpy()[4] == 0
