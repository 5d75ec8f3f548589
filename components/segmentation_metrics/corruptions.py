"""Spoils a photo on purpose, in seven ways of five strengths.

The kinds are those of Hendrycks and Dietterich (ICLR 2019) that photos of cars meet;
formulas and strengths are our own. All sizes are shares of the photo, so that a
thumbnail and a photo of 12 megapixels look alike. The objects stay where they are: a
mask of the photo is a mask of its copy.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from components.segmentation_metrics.corruption import KINDS, Corruption
from components.segmentation_metrics.weather_layers import (
    Size,
    fog_cover,
    frost_cover,
    snow_cover,
)

RgbImage = npt.NDArray[np.uint8]  # [height, width, 3]

_BLUR_RADIUS = (0.006, 0.011, 0.017, 0.024, 0.032)  # shares of the span
_WIDEST_DISC_PX = 12.0
_READ_NOISE = (0.03, 0.05, 0.08, 0.12, 0.17)  # standard deviation, photo 0..1
_SHOT_NOISE = (0.07, 0.11, 0.17, 0.25, 0.35)  # the same of a white pixel
_GRAINS = 320  # of noise along the span
_BRIGHTER = (0.10, 0.20, 0.30, 0.40, 0.50)  # added to HSV's value
_JPEG_QUALITY = (30, 20, 14, 9, 5)
_JPEG_SPAN_PX = 512  # blocks of 8 pixels are never finer than 1/64 of a photo
_SNOW_RGB, _FROST_RGB, _FOG_RGB = (248, 250, 252), (222, 234, 244), (216, 219, 222)
_BLOCK_ROWS = 256  # bounds what a photo of any size needs beside itself


def corrupt(image_rgb: RgbImage, kind: str, strength: int, seed: int) -> RgbImage:
    """Returns a spoiled copy; the same arguments give the same pixels.

    Args:
        image_rgb: uint8 [height, width, 3], never changed.
        kind: A name of `KINDS`.
        strength: 1 to 5; all strengths of a seed draw the same flakes, ice or noise.
        seed: Any non-negative number, as one photo's own.

    Raises:
        ValueError: There is no such kind or strength, or the photo is none.
    """
    Corruption(kind, strength)  # refuses what is unknown
    if image_rgb.dtype != np.uint8 or image_rgb.ndim != 3 or image_rgb.shape[2] != 3:
        raise ValueError(
            "a photo must be uint8 [height, width, 3], got"
            f" {image_rgb.dtype} {image_rgb.shape}; decode it as RGB"
        )
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    return _SPOILERS[kind](image_rgb, strength, rng)


def _blur(image_rgb: RgbImage, strength: int, rng: np.random.Generator) -> RgbImage:
    """A lens out of focus: every point becomes a disc."""
    del rng
    radius_px = _BLUR_RADIUS[strength - 1] * _span(image_rgb)
    # What a wide disc leaves of a photo a smaller photo holds as well.
    scale = min(1.0, _WIDEST_DISC_PX / radius_px)
    blurred = cv2.filter2D(
        _shrink(image_rgb, scale),
        -1,
        _disc_kernel(radius_px * scale),
        borderType=cv2.BORDER_REFLECT_101,
    )
    return _enlarge(blurred, _size(image_rgb))


def _noise(image_rgb: RgbImage, strength: int, rng: np.random.Generator) -> RgbImage:
    """A sensor with too little light: the shot noise of photons beside its own."""
    read, shot = _READ_NOISE[strength - 1], _SHOT_NOISE[strength - 1]
    grain, scale = _grain(_size(image_rgb), rng)

    def add(rows: npt.NDArray[np.float32], at: slice) -> npt.NDArray[np.float32]:
        deviation = np.sqrt(read**2 + shot**2 * rows / 255)
        return rows + deviation * grain[at] * np.float32(255 / scale)

    return _by_rows(image_rgb, add)


def _snow(image_rgb: RgbImage, strength: int, rng: np.random.Generator) -> RgbImage:
    return _behind(image_rgb, snow_cover(_size(image_rgb), strength, rng), _SNOW_RGB)


def _frost(image_rgb: RgbImage, strength: int, rng: np.random.Generator) -> RgbImage:
    cover = frost_cover(_size(image_rgb), strength, rng)
    return _behind(image_rgb, cover, _FROST_RGB)


def _fog(image_rgb: RgbImage, strength: int, rng: np.random.Generator) -> RgbImage:
    return _behind(image_rgb, fog_cover(_size(image_rgb), strength, rng), _FOG_RGB)


def _brightness(
    image_rgb: RgbImage, strength: int, rng: np.random.Generator
) -> RgbImage:
    """Too long exposed: hue and saturation stay, the value rises."""
    del rng
    added = np.float32(_BRIGHTER[strength - 1])

    def brighten(rows: npt.NDArray[np.float32], at: slice) -> npt.NDArray[np.float32]:
        del at
        hsv = cv2.cvtColor(rows / 255, cv2.COLOR_RGB2HSV)
        hsv[..., 2] = np.minimum(hsv[..., 2] + added, 1)
        return 255 * cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)

    return _by_rows(image_rgb, brighten)


def _jpeg(image_rgb: RgbImage, strength: int, rng: np.random.Generator) -> RgbImage:
    """Shrunk and compressed, as by a messenger."""
    del rng
    sent = _shrink(image_rgb, min(1.0, _JPEG_SPAN_PX / _span(image_rgb)))
    quality = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY[strength - 1]]
    _, data = cv2.imencode(".jpg", sent[..., ::-1], quality)
    received = cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]
    return _enlarge(received, _size(image_rgb))


_SPOILERS: dict[str, Callable[[RgbImage, int, np.random.Generator], RgbImage]] = {
    "blur": _blur,
    "noise": _noise,
    "snow": _snow,
    "frost": _frost,
    "fog": _fog,
    "brightness": _brightness,
    "jpeg": _jpeg,
}


def _size(image_rgb: RgbImage) -> Size:
    return image_rgb.shape[0], image_rgb.shape[1]


def _span(image_rgb: RgbImage) -> float:
    """Square root of the area: one length for photos of any proportions."""
    return float(np.sqrt(np.prod(_size(image_rgb))))


def _shrink(image_rgb: RgbImage, scale: float) -> RgbImage:
    height, width = (max(1, round(side * scale)) for side in _size(image_rgb))
    return cv2.resize(image_rgb, (width, height), interpolation=cv2.INTER_AREA)


def _enlarge(image_rgb: RgbImage, size: Size) -> RgbImage:
    return cv2.resize(image_rgb, size[::-1], interpolation=cv2.INTER_LINEAR)


def _disc_kernel(radius_px: float) -> npt.NDArray[np.float32]:
    """A disc of any radius, also below one pixel, that sums to 1.

    Points spread evenly over the disc give their weight to the four pixels around.
    """
    count = 64 + int(40 * radius_px**2)
    index = np.arange(count) + 0.5
    distance, angle = radius_px * np.sqrt(index / count), index * np.pi * (5**0.5 - 1)
    x, y = distance * np.cos(angle), distance * np.sin(angle)
    reach = int(np.ceil(radius_px)) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float64)
    left, top = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    for right, down in ((0, 0), (0, 1), (1, 0), (1, 1)):
        weight_x = np.abs(1 - right - (x - left))
        weight_y = np.abs(1 - down - (y - top))
        cells = (top + down + reach, left + right + reach)
        np.add.at(kernel, cells, weight_x * weight_y)
    return (kernel / count).astype(np.float32)


def _grain(size: Size, rng: np.random.Generator) -> tuple[npt.NDArray[np.int16], float]:
    """Noise [height, width, 3] with its deviation; grains are a share of the photo.

    16-bit numbers, because those of a whole photo are large.
    """
    height, width = size
    grain_px = max(1.0, float(np.sqrt(height * width)) / _GRAINS)
    cells = (max(1, round(height / grain_px)), max(1, round(width / grain_px)), 3)
    drawn = 4096 * np.clip(rng.standard_normal(cells, np.float32), -6, 6)
    grain = cv2.resize(
        drawn.astype(np.int16), (width, height), interpolation=cv2.INTER_CUBIC
    )
    # Between the drawn cells noise is weaker than in them.
    _, deviations = cv2.meanStdDev(grain)
    return grain, max(float(np.sqrt(np.mean(deviations**2))), 1.0)


def _behind(
    image_rgb: RgbImage,
    cover: npt.NDArray[np.float32],
    colour: tuple[int, int, int],
) -> RgbImage:
    """Lays a colour before the photo, `cover` 1 hides it."""
    veil = np.array(colour, np.float32)

    def hide(rows: npt.NDArray[np.float32], at: slice) -> npt.NDArray[np.float32]:
        return rows + (veil - rows) * cover[at, :, None]

    return _by_rows(image_rgb, hide)


def _by_rows(
    image_rgb: RgbImage,
    change: Callable[[npt.NDArray[np.float32], slice], npt.NDArray[np.float32]],
) -> RgbImage:
    """Applies a change of pixels block by block; whole photos as floats are large."""
    changed = np.empty_like(image_rgb)
    for start in range(0, len(image_rgb), _BLOCK_ROWS):
        at = slice(start, start + _BLOCK_ROWS)
        rows = change(image_rgb[at].astype(np.float32), at)
        changed[at] = np.clip(np.rint(rows), 0, 255)
    return changed
