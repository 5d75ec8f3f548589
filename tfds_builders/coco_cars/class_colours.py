"""Colours for classes that come without any."""

from __future__ import annotations

import colorsys

from tfds_builders.taxonomy import Rgb

# Steps of the golden ratio keep any number of hues apart.
_HUE_STEP = 0.6180339887498949
_SHADES = ((0.95, 0.95), (0.6, 1.0), (0.9, 0.65))


def class_colours(count: int) -> list[Rgb]:
    """Returns different colours, black first; the same ones in every run.

    Example:
        >>> class_colours(3)
        [(0, 0, 0), (242, 12, 12), (102, 147, 255)]
    """
    return [(0, 0, 0), *(_colour(index) for index in range(count - 1))][:count]


def _colour(index: int) -> Rgb:
    saturation, value = _SHADES[index % len(_SHADES)]
    red, green, blue = colorsys.hsv_to_rgb(index * _HUE_STEP % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
