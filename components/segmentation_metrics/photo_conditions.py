"""Says under what conditions a photo was taken: light, sharpness, size of the object.

Each is one word by simple bounds, so that numbers can be sliced by it. They are taken
from the photo and its true mask, hence the same for every model.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from components.segmentation_metrics.condition_names import (
    BLUR,
    BRIGHTNESS,
    OBJECT_SIZE,
)
from components.segmentation_metrics.confusion import VOID_ID
from components.segmentation_metrics.mask_png import MaskIds

RgbImage = npt.NDArray[np.uint8]  # [height, width, 3]

# The finest detail of a copy depends on the size it was shrunk from. Of 36 photos the
# same one at three sizes differs by a factor of up to 3.2 without it, 1.3 with it.
_SMOOTHING_PX = 1.0


@dataclass(frozen=True, kw_only=True)
class ConditionBounds:
    """Where one word ends and the next begins; a bound belongs to the upper one.

    Attributes:
        normal_from: Mean luma, 0..255, below which a photo is dark.
        bright_from: Mean luma from which it is bright.
        blur_side_px: Long side of the copy on which sharpness is measured; photos of
            any size are brought to it.
        soft_from: Variance of the copy's Laplacian below which a photo is blurred.
        sharp_from: Variance from which it is sharp.
        medium_from: Foreground's share of the counted pixels, 0..1, below which an
            object is small.
        large_from: Share from which it is large.
    """

    normal_from: float = 70.0
    bright_from: float = 170.0
    blur_side_px: int = 256
    soft_from: float = 8.0
    sharp_from: float = 20.0
    medium_from: float = 0.05
    large_from: float = 0.25

    def __post_init__(self) -> None:
        for low, high, most in (
            ("normal_from", "bright_from", 255.0),
            ("soft_from", "sharp_from", float("inf")),
            ("medium_from", "large_from", 1.0),
        ):
            lower, upper = getattr(self, low), getattr(self, high)
            if not 0 < lower < upper <= most:
                raise ValueError(
                    f"{low} must be above 0 and below {high}, which is at most {most},"
                    f" got {lower} and {upper}"
                )
        if self.blur_side_px < 3:
            raise ValueError(
                f"blur_side_px must be at least 3, got {self.blur_side_px}; 256 suits"
                " photos"
            )


DEFAULT_BOUNDS = ConditionBounds()


def photo_conditions(
    image_rgb: RgbImage,
    mask_ids: MaskIds,
    *,
    background_id: int | None,
    void_id: int = VOID_ID,
    bounds: ConditionBounds = DEFAULT_BOUNDS,
) -> dict[str, str]:
    """Returns the word of every condition.

    Args:
        image_rgb: The upright photo, uint8 [height, width, 3].
        mask_ids: Its true class ids, [height, width].
        background_id: The class that is no object; None where there is none.
        void_id: Mask value of pixels that do not count.
        bounds: Where one word ends and the next begins.
    """
    return {
        BRIGHTNESS: brightness(image_rgb, bounds),
        BLUR: blur(image_rgb, bounds),
        OBJECT_SIZE: object_size(mask_ids, background_id, void_id, bounds),
    }


def brightness(image_rgb: RgbImage, bounds: ConditionBounds = DEFAULT_BOUNDS) -> str:
    """Returns `dark`, `normal` or `bright` by the mean luma.

    Example:
        >>> brightness(np.full((4, 4, 3), 20, np.uint8))
        'dark'
    """
    luma = float(cv2.mean(_luma(image_rgb))[0])
    return _word(
        luma, ("dark", "normal", "bright"), bounds.normal_from, bounds.bright_from
    )


def blur(image_rgb: RgbImage, bounds: ConditionBounds = DEFAULT_BOUNDS) -> str:
    """Returns `blurred`, `soft` or `sharp`; what has no detail at all is blurred."""
    variance = laplacian_variance(image_rgb, bounds.blur_side_px)
    return _word(
        variance, ("blurred", "soft", "sharp"), bounds.soft_from, bounds.sharp_from
    )


def object_size(
    mask_ids: MaskIds,
    background_id: int | None,
    void_id: int = VOID_ID,
    bounds: ConditionBounds = DEFAULT_BOUNDS,
) -> str:
    """Returns `none`, `small`, `medium` or `large` by the share of true foreground.

    Without a background every counted pixel is foreground.

    Example:
        >>> object_size(np.array([[0, 0, 0, 0, 0, 0, 2, 255]]), background_id=0)
        'medium'
    """
    counted = int(np.count_nonzero(mask_ids != void_id))
    background = (
        0 if background_id is None else np.count_nonzero(mask_ids == background_id)
    )
    foreground = counted - int(background)
    if foreground == 0:
        return "none"
    return _word(
        foreground / counted,
        ("small", "medium", "large"),
        bounds.medium_from,
        bounds.large_from,
    )


def laplacian_variance(image_rgb: RgbImage, side_px: int) -> float:
    """Returns how much luma bends, on a copy whose long side is `side_px`."""
    height, width = image_rgb.shape[:2]
    scale = side_px / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    copy = cv2.resize(_luma(image_rgb), size, interpolation=method)
    smooth = cv2.GaussianBlur(copy.astype(np.float32), (0, 0), _SMOOTHING_PX)
    return float(cv2.Laplacian(smooth, cv2.CV_32F).var())


def _luma(image_rgb: RgbImage) -> npt.NDArray[np.uint8]:
    return cv2.cvtColor(image_rgb, cv2.COLOR_RGB2GRAY)


def _word(value: float, words: tuple[str, str, str], low: float, high: float) -> str:
    return words[int(value >= low) + int(value >= high)]
