"""EXIF orientation inside the TensorFlow graph.

The same answers as `tfds_builders.image_metadata.read_orientation`, for photos that
reach a served model as their owner took them. No Python runs when the graph does.
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

UPRIGHT = 1
# A file of nothing but tiny segments must not occupy a server: what stands behind so
# many segments, chunks or stray bytes is not read.
MAX_STEPS = 16_384

_SOI, _EOI, _SOS, _APP1 = 0xD8, 0xD9, 0xDA, 0xE1
_ORIENTATION_TAG = 0x0112
_SHORT, _LONG = 3, 4
_EXIF_HEADER = b"Exif\x00\x00"


def read_orientation(image_bytes: tf.Tensor) -> tf.Tensor:
    """Returns the EXIF orientation 1..8 as an int32 scalar.

    Args:
        image_bytes: Scalar string, a JPEG (APP1 is read) or PNG (eXIf is read).

    Returns:
        1 where the file states none, is of another format or is broken.
    """
    image_bytes = tf.convert_to_tensor(image_bytes, tf.string)
    head = _read_bytes(image_bytes, tf.constant(0, tf.int64), 8)
    is_jpeg = tf.reduce_all(head[:3] == [0xFF, _SOI, 0xFF])
    is_png = tf.reduce_all(head == list(b"\x89PNG\r\n\x1a\n"))
    start, length = tf.cond(
        is_jpeg,
        lambda: _find_jpeg_exif(image_bytes),
        lambda: tf.cond(is_png, lambda: _find_png_exif(image_bytes), _nowhere),
    )
    block = tf.strings.substr(image_bytes, start, length)
    return tf.cond(
        length > 0,
        lambda: _orientation_in_block(block),
        lambda: tf.constant(UPRIGHT, tf.int32),
    )


def apply_orientation(image: tf.Tensor, orientation: tf.Tensor) -> tf.Tensor:
    """Returns the upright picture of a stored one.

    Args:
        image: [height, width, channels] of any type.
        orientation: Scalar int32 or int64; outside 2..8 nothing is turned.

    Returns:
        [height, width, channels], height and width swapped for 5..8.
    """
    orientation = tf.cast(orientation, tf.int32)

    def is_any_of(*values: int) -> tf.Tensor:
        return tf.reduce_any(orientation == list(values))

    def turned() -> tf.Tensor:
        upright = tf.cond(
            is_any_of(5, 6, 7, 8),
            lambda: tf.transpose(image, [1, 0, 2]),
            lambda: tf.identity(image),
        )
        mirrored = [is_any_of(3, 4, 7, 8), is_any_of(2, 3, 6, 7), False]
        return tf.raw_ops.Reverse(tensor=upright, dims=tf.stack(mirrored))

    return tf.cond(is_any_of(2, 3, 4, 5, 6, 7, 8), turned, lambda: tf.identity(image))


def _nowhere() -> tuple[tf.Tensor, tf.Tensor]:
    return tf.constant(0, tf.int64), tf.constant(0, tf.int64)


def _read_bytes(data: tf.Tensor, start: tf.Tensor, count: int) -> tf.Tensor:
    """Returns int64 [count]; zeros stand for what lies behind the end."""
    start = tf.minimum(start, _size(data))
    piece = tf.strings.join([tf.strings.substr(data, start, count), b"\x00" * count])
    values = tf.cast(tf.io.decode_raw(piece, tf.uint8)[:count], tf.int64)
    return tf.ensure_shape(values, [count])


def _size(data: tf.Tensor) -> tf.Tensor:
    return tf.cast(tf.strings.length(data), tf.int64)


def _big_endian(values: tf.Tensor) -> tf.Tensor:
    """Returns the number that the bytes of the last axis form."""
    count = values.shape[-1]
    weights = [256**power for power in reversed(range(count))]
    return tf.reduce_sum(values * tf.constant(weights, tf.int64), axis=-1)


def _find_jpeg_exif(data: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns (start, length) of the first Exif block ahead of the first scan."""
    size = _size(data)

    def step(
        position: tf.Tensor, start: tf.Tensor, length: tf.Tensor, done: tf.Tensor
    ) -> tuple[tf.Tensor, ...]:
        window = _read_bytes(data, position, 10)
        marker = window[1]
        is_marker = (window[0] == 0xFF) & (marker > 0) & (marker < 0xFF)
        is_standalone = (marker == 1) | ((marker >= 0xD0) & (marker < _SOI))
        content = _big_endian(window[2:4])
        end = position + 2 + content
        has_content = is_marker & ~is_standalone
        is_last = has_content & (
            (marker == _EOI) | (marker == _SOS) | (content < 2) | (end > size)
        )
        is_exif = has_content & ~is_last & (marker == _APP1) & (content >= 8)
        is_exif &= tf.reduce_all(window[4:] == list(_EXIF_HEADER))
        stride = tf.where(is_marker, tf.constant(2, tf.int64), 1)
        following = tf.where(has_content, end, position + stride)
        return (
            following,
            tf.where(is_exif, position + 10, start),
            tf.where(is_exif, end - position - 10, length),
            done | is_last | is_exif,
        )

    return _walk(step, first=2, size=size)


def _find_png_exif(data: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns (start, length) of the first eXIf chunk."""
    size = _size(data)

    def step(
        position: tf.Tensor, start: tf.Tensor, length: tf.Tensor, done: tf.Tensor
    ) -> tuple[tf.Tensor, ...]:
        window = _read_bytes(data, position, 8)
        content = _big_endian(window[:4])
        end = position + 12 + content
        is_last = (end > size) | tf.reduce_all(window[4:] == list(b"IEND"))
        is_exif = ~is_last & tf.reduce_all(window[4:] == list(b"eXIf"))
        return (
            end,
            tf.where(is_exif, position + 8, start),
            tf.where(is_exif, content, length),
            done | is_last | is_exif,
        )

    return _walk(step, first=8, size=size)


def _walk(
    step: Callable[..., tuple[tf.Tensor, ...]], *, first: int, size: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Repeats a step over (position, start, length, done) until done or the end."""
    nothing = tf.constant(0, tf.int64)
    _, start, length, _ = tf.while_loop(
        lambda position, start, length, done: ~done & (position < size),
        step,
        (tf.constant(first, tf.int64), nothing, nothing, tf.constant(False)),
        maximum_iterations=MAX_STEPS,
        parallel_iterations=1,
    )
    return start, length


def _orientation_in_block(block: tf.Tensor) -> tf.Tensor:
    """Returns the orientation that an Exif block from its byte order on states."""
    zero = tf.constant(0, tf.int64)
    # Some writers put the header that JPEG needs into PNG as well.
    has_header = tf.reduce_all(_read_bytes(block, zero, 6) == list(_EXIF_HEADER))
    header_size = tf.where(has_header, tf.constant(len(_EXIF_HEADER), tf.int64), 0)
    block = tf.strings.substr(block, header_size, _size(block))
    head = _read_bytes(block, zero, 8)
    is_big = tf.reduce_all(head[:4] == list(b"MM\x00*"))
    is_little = tf.reduce_all(head[:4] == list(b"II*\x00"))

    def number(values: tf.Tensor) -> tf.Tensor:
        return _big_endian(tf.where(is_big, values, tf.reverse(values, [-1])))

    directory = number(head[4:])
    room = tf.maximum((_size(block) - directory - 2) // 12, 0)
    count = tf.minimum(number(_read_bytes(block, directory, 2)), room)
    first = tf.minimum(directory + 2, _size(block))
    table = tf.strings.substr(block, first, 12 * count)
    entries = tf.reshape(tf.io.decode_raw(table, tf.uint8), [-1, 12])
    entries = tf.cast(entries, tf.int64)

    kind = number(entries[:, 2:4])
    value = tf.where(
        kind == _SHORT,
        number(entries[:, 8:10]),
        tf.where(kind == _LONG, number(entries[:, 8:12]), 0),
    )
    is_valid = (number(entries[:, 4:8]) == 1) & (value >= 1) & (value <= 8)
    values = tf.where(is_valid, value, UPRIGHT)
    stated = tf.boolean_mask(values, number(entries[:, :2]) == _ORIENTATION_TAG)
    answer = tf.concat([stated, [UPRIGHT]], axis=0)[0]
    return tf.cast(tf.where(is_big | is_little, answer, UPRIGHT), tf.int32)
