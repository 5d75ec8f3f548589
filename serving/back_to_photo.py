"""From class scores at the model's size to a mask at the photo's, in little memory.

Equal to `tf.image.resize` of the whole picture and an argmax, bit for bit: the same
kernel widens the rows, and rows are mixed with that kernel's own formula. Only the
block of rows that is worked on exists at the photo's width.
"""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

# Peak memory is about five such blocks: above and below, their mix, what is made of it.
BLOCK_BYTES = 16 * 2**20
_FLOAT_BYTES = 4


class PhotoMask(NamedTuple):
    """What the model says about every pixel of the photo.

    Attributes:
        mask_ids: uint8 [height, width], the class of the highest score.
        confidence: uint8 [height, width], that score, 255 for 1.
        pixels: int64 [classes], how many pixels each class got.
        confidence_sums: float64 [2], that score summed over all pixels, and over
            those that are not background.
    """

    mask_ids: tf.Tensor
    confidence: tf.Tensor
    pixels: tf.Tensor
    confidence_sums: tf.Tensor


class _SourceRows(NamedTuple):
    """Where each row of the photo lies between two rows of scores; all [rows]."""

    above: tf.Tensor
    below: tf.Tensor
    weight: tf.Tensor  # of the row below, 0..1


def back_to_photo(
    scores: tf.Tensor,
    box: tf.Tensor,
    size_px: tf.Tensor,
    *,
    background_id: int | None,
    block_bytes: int = BLOCK_BYTES,
) -> PhotoMask:
    """Crops the pad of the letterbox, resizes bilinearly, takes the best class.

    Args:
        scores: float32 [H, W, classes], 0..1, at the model's size.
        box: int32 [4], the photo inside the letterbox: top, left, height, width.
        size_px: int32 [2], the photo's height and width.
        background_id: Class that the second sum leaves out; None leaves out none.
        block_bytes: Size of a block of rows at the photo's width.
    """
    classes = scores.shape[-1]
    height, width = size_px[0], size_px[1]
    cropped = tf.slice(scores, [box[0], box[1], 0], [box[2], box[3], classes])
    rows = _source_rows(height, box[2])
    block_rows = tf.clip_by_value(
        block_bytes // (_FLOAT_BYTES * classes * width), 1, height
    )
    blocks = (height + block_rows - 1) // block_rows

    def add_block(
        index: tf.Tensor,
        pieces: tuple[tf.TensorArray, ...],
        sums: tuple[tf.Tensor, ...],
    ) -> tuple[tf.Tensor, tuple[tf.TensorArray, ...], tuple[tf.Tensor, ...]]:
        start = index * block_rows
        window = slice(start, tf.minimum(start + block_rows, height))
        mixed = _mix_rows(cropped, width, _SourceRows(*(part[window] for part in rows)))
        block = _best_class(mixed, background_id)
        arrays = zip(pieces, block[:2], strict=True)
        return (
            index + 1,
            tuple(array.write(index, piece) for array, piece in arrays),
            tuple(total + part for total, part in zip(sums, block[2:], strict=True)),
        )

    empty = tuple(
        tf.TensorArray(tf.uint8, blocks, infer_shape=False, element_shape=[None, None])
        for _ in range(2)
    )
    _, pieces, sums = tf.while_loop(
        lambda index, *_: index < blocks,
        add_block,
        (tf.constant(0), empty, (tf.zeros([classes], tf.int64), _no_sums())),
        parallel_iterations=1,
    )
    return PhotoMask(pieces[0].concat(), pieces[1].concat(), *sums)


def _no_sums() -> tf.Tensor:
    return tf.zeros([2], tf.float64)


def _source_rows(height: tf.Tensor, source_height: tf.Tensor) -> _SourceRows:
    """Returns, in float32 like TensorFlow's kernel, where each row samples."""
    scale = tf.cast(source_height, tf.float32) / tf.cast(height, tf.float32)
    position = (tf.range(tf.cast(height, tf.float32)) + 0.5) * scale - 0.5
    floor = tf.floor(position)
    return _SourceRows(
        above=tf.maximum(tf.cast(floor, tf.int32), 0),
        below=tf.minimum(tf.cast(tf.math.ceil(position), tf.int32), source_height - 1),
        weight=position - floor,
    )


def _mix_rows(scores: tf.Tensor, width: tf.Tensor, rows: _SourceRows) -> tf.Tensor:
    """Returns float32 [rows, width, classes]: some of the photo's rows."""
    first = rows.above[0]
    needed = scores[first : rows.below[-1] + 1]
    wide = tf.image.resize(needed, tf.stack([tf.shape(needed)[0], width]))
    above = tf.gather(wide, rows.above - first)
    below = tf.gather(wide, rows.below - first)
    return above + (below - above) * rows.weight[:, tf.newaxis, tf.newaxis]


def _best_class(scores: tf.Tensor, background_id: int | None) -> PhotoMask:
    """Returns the four answers for a block of rows of the photo."""
    class_ids = tf.argmax(scores, axis=-1, output_type=tf.int32)
    best = tf.reduce_max(scores, axis=-1)
    pixels = tf.math.bincount(
        tf.reshape(class_ids, [-1]),
        minlength=scores.shape[-1],
        maxlength=scores.shape[-1],
        dtype=tf.int64,
    )
    is_counted = class_ids != (-1 if background_id is None else background_id)
    sums = tf.stack(
        [tf.reduce_sum(best), tf.reduce_sum(tf.where(is_counted, best, 0.0))]
    )
    return PhotoMask(
        mask_ids=tf.cast(class_ids, tf.uint8),
        confidence=tf.cast(tf.round(best * 255.0), tf.uint8),
        pixels=tf.ensure_shape(pixels, [scores.shape[-1]]),
        confidence_sums=tf.cast(sums, tf.float64),
    )
