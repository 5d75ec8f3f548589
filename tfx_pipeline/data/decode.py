"""From the bytes of a photo or a mask to upright pixels.

Training, evaluation and the served model all decode with these two functions, so that
none of them sees other pixels than the rest.
"""

from __future__ import annotations

import tensorflow as tf

from tfx_pipeline.data.orientation import apply_orientation, read_orientation

# Bit depth 8 and colour type 0 (greyscale) stand at byte 24 of a PNG.
_MASK_FORMAT_AT = 24
_MASK_FORMAT = b"\x08\x00"
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def decode_upright(
    image_bytes: tf.Tensor, orientation: tf.Tensor | None = None
) -> tf.Tensor:
    """Returns the pixels of a photo as a person holds it.

    Grey, palette, 16-bit and CMYK pictures become RGB; transparency is ignored. JPEG
    is decoded with the accurate integer transform, TensorFlow's default is a faster
    one that is off by up to 5 levels from other decoders.

    Args:
        image_bytes: Scalar string: JPEG or PNG; of GIF the first frame; BMP of 24 bits.
        orientation: Scalar EXIF value from the record, whose photos carry no metadata;
            None reads it from the bytes, for photos as they come from a camera.

    Returns:
        uint8 [height, width, 3].
    """
    if orientation is None:
        orientation = read_orientation(image_bytes)
    is_jpeg = tf.strings.substr(image_bytes, 0, 3) == b"\xff\xd8\xff"
    image = tf.cond(
        is_jpeg,
        lambda: tf.io.decode_jpeg(
            image_bytes, channels=3, dct_method="INTEGER_ACCURATE"
        ),
        lambda: tf.io.decode_image(image_bytes, channels=3, expand_animations=False),
    )
    return apply_orientation(tf.ensure_shape(image, [None, None, 3]), orientation)


def decode_mask(mask_bytes: tf.Tensor) -> tf.Tensor:
    """Returns the class ids of a record's mask, uint8 [height, width].

    Args:
        mask_bytes: Scalar string, an 8-bit greyscale PNG.

    Raises:
        tf.errors.InvalidArgumentError: When it is a PNG of another kind, whose values
            would not be class ids any more, or no PNG.
    """
    padded = tf.strings.join([mask_bytes, b"\x00" * (_MASK_FORMAT_AT + 2)])
    is_mask = (tf.strings.substr(padded, 0, 8) == _PNG_SIGNATURE) & (
        tf.strings.substr(padded, _MASK_FORMAT_AT, 2) == _MASK_FORMAT
    )
    # Numbers only: an error text with the file's own bytes is no valid UTF-8.
    check = tf.debugging.Assert(
        is_mask,
        [
            "a mask must be an 8-bit greyscale PNG of class ids, got a file of",
            tf.strings.length(mask_bytes),
            "bytes with bit depth and colour type (8 and 0 in such a PNG)",
            tf.io.decode_raw(tf.strings.substr(padded, _MASK_FORMAT_AT, 2), tf.uint8),
            "; encode it with tfds_builders.png_encoding.encode_mask_png",
        ],
    )
    with tf.control_dependencies([check] if check is not None else []):
        return tf.io.decode_png(mask_bytes, channels=1)[:, :, 0]
