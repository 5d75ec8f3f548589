"""Changes the colours of a photo; no pixel moves."""

from __future__ import annotations

import math

import tensorflow as tf

from tfx_pipeline.config.augment import AugmentConfig

NUM_DRAWS = 8
_WHITE = 255.0


def change_colors(
    image: tf.Tensor, draws: tf.Tensor, config: AugmentConfig
) -> tf.Tensor:
    """Returns the photo in other light.

    Contrast, brightness, saturation, hue, blur and JPEG run in this order.

    Args:
        image: uint8 [height, width, 3].
        draws: float32 [8] in [0, 1): brightness, contrast, saturation, hue, sigma,
            whether to blur, quality, whether to make the round trip through JPEG.
        config: The bounds; an operation whose bound is 0 leaves every bit alone.

    Returns:
        uint8 [height, width, 3].
    """
    draw = tf.unstack(draws, NUM_DRAWS)
    signed = [2.0 * value - 1.0 for value in draw]
    if config.brightness or config.contrast:
        image = adjust_light(
            image, 1.0 + config.contrast * signed[1], config.brightness * signed[0]
        )
    if config.saturation or config.hue:
        image = adjust_color(
            image, 1.0 + config.saturation * signed[2], config.hue * signed[3]
        )
    if config.blur_sigma_px and config.blur_probability:
        sigma_px, photo = config.blur_sigma_px * draw[4], image
        image = tf.cond(
            draw[5] < config.blur_probability,
            lambda: blur(photo, sigma_px, config.blur_sigma_px),
            lambda: photo,
        )
    if config.jpeg_quality_min < 100 and config.jpeg_probability:
        qualities, sharp = 101 - config.jpeg_quality_min, image
        quality = config.jpeg_quality_min + tf.cast(draw[6] * qualities, tf.int32)
        image = tf.cond(
            draw[7] < config.jpeg_probability,
            lambda: through_jpeg(sharp, tf.minimum(quality, 100)),
            lambda: sharp,
        )
    return image


def adjust_light(
    image: tf.Tensor, contrast: tf.Tensor, brightness: tf.Tensor
) -> tf.Tensor:
    """Returns the photo with its distance to its mean scaled, then made lighter.

    Args:
        image: uint8 [height, width, 3].
        contrast: Factor; 1 changes nothing.
        brightness: Share of full white that is added.
    """
    # Whole numbers: a sum of floats depends on how many threads share it.
    total = tf.reduce_sum(tf.cast(image, tf.int64))
    mean = tf.cast(total / tf.size(image, tf.int64), tf.float32)
    pixels = tf.cast(image, tf.float32)
    return _to_pixels((pixels - mean) * contrast + mean + _WHITE * brightness)


def adjust_color(image: tf.Tensor, saturation: tf.Tensor, hue: tf.Tensor) -> tf.Tensor:
    """Returns the photo with its saturation scaled and its colour circle turned.

    Args:
        image: uint8 [height, width, 3].
        saturation: Factor; 1 changes nothing, 0 is grey.
        hue: Share of the circle.
    """
    hsv = tf.image.rgb_to_hsv(tf.cast(image, tf.float32) / _WHITE)
    turned = tf.math.floormod(hsv[..., 0] + hue, 1.0)
    scaled = tf.clip_by_value(hsv[..., 1] * saturation, 0.0, 1.0)
    changed = tf.image.hsv_to_rgb(tf.stack([turned, scaled, hsv[..., 2]], axis=-1))
    return _to_pixels(changed * _WHITE)


def blur(image: tf.Tensor, sigma_px: tf.Tensor, max_sigma_px: float) -> tf.Tensor:
    """Returns the photo under a Gaussian, its edges repeated outwards.

    Args:
        image: uint8 [height, width, 3].
        sigma_px: Standard deviation; 0 changes nothing.
        max_sigma_px: Upper bound of sigma_px, which fixes the size of the kernel.
    """
    radius = math.ceil(3 * max_sigma_px)
    offsets = tf.range(-radius, radius + 1, dtype=tf.float32)
    weights = tf.exp(-0.5 * tf.square(offsets / tf.maximum(sigma_px, 1e-3)))
    taps = tf.unstack(weights, 2 * radius + 1)
    # Added up in a fixed order, and so without a convolution: see adjust_light.
    weight = tf.add_n(taps)
    pixels = tf.cast(image, tf.float32)
    for axis in (0, 1):
        size = tf.shape(pixels)[axis]
        summed = tf.zeros_like(pixels)
        for offset, tap in zip(range(-radius, radius + 1), taps, strict=True):
            places = tf.clip_by_value(tf.range(size) + offset, 0, size - 1)
            summed += tap / weight * tf.gather(pixels, places, axis=axis)
        pixels = summed
    return _to_pixels(pixels)


def through_jpeg(image: tf.Tensor, quality: tf.Tensor) -> tf.Tensor:
    """Returns the photo as it looks after being saved with that quality, 1..100."""
    data = tf.raw_ops.EncodeJpegVariableQuality(images=image, quality=quality)
    decoded = tf.io.decode_jpeg(data, channels=3, dct_method="INTEGER_ACCURATE")
    return tf.ensure_shape(decoded, image.shape)


def _to_pixels(values: tf.Tensor) -> tf.Tensor:
    return tf.saturate_cast(tf.round(values), tf.uint8)
