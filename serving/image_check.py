"""Refuses what is no picture, by its place in the request."""

from __future__ import annotations

import tensorflow as tf

_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM")


def check_pictures(image_bytes: tf.Tensor, name: str) -> tf.Tensor:
    """Returns the same tensor, or fails with INVALID_ARGUMENT.

    Args:
        image_bytes: string [n].
        name: What the client calls this tensor; `image_bytes` gives messages such as
            `image_bytes[2] must be JPEG, PNG, BMP or GIF, ...`.
    """
    known = tf.reduce_any(
        [_starts_with(image_bytes, start) for start in _SIGNATURES], 0
    )
    unknown = tf.where(~known)[:, 0]
    # One row of zeros keeps the message's gather legal where nothing is wrong.
    first = tf.concat([unknown, [0]], 0)[0]
    size = tf.concat([tf.strings.length(image_bytes), [0]], 0)[first]
    # Never the file's own bytes: an error text has to be valid UTF-8.
    message = tf.strings.join(
        [
            f"{name}[",
            tf.strings.as_string(first),
            "] must be JPEG, PNG, BMP or GIF, got ",
            tf.strings.as_string(size),
            " bytes of another kind; convert other formats (WebP, HEIC, TIFF) first",
        ]
    )
    check = tf.debugging.Assert(tf.reduce_all(known), [message])
    # Tied to the tensor: a decoder must not be quicker with a message of its own.
    with tf.control_dependencies([check] if check is not None else []):
        return tf.identity(image_bytes)


def _starts_with(data: tf.Tensor, start: bytes) -> tf.Tensor:
    return tf.strings.substr(data, 0, len(start)) == start
