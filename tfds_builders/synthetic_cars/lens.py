"""What lens and sensor do to the finished picture."""

from __future__ import annotations

import cv2
import numpy as np


def expose(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """Returns uint8 [h, w, 3] with exposure, colour cast, blur, vignette and noise."""
    height, width = image.shape[:2]
    gain = rng.uniform(0.88, 1.22) * rng.uniform(0.95, 1.05, 3)
    gamma = rng.uniform(0.66, 0.92)
    picture = (np.clip(image.astype(np.float32) / 255 * gain, 0, 1)) ** gamma
    if rng.random() < 0.2:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 0.9))
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)
    picture *= (1 - rng.uniform(0, 0.16) * (x * x + y * y))[..., None]
    noise = rng.standard_normal((height, width, 3), dtype=np.float32)
    picture += rng.uniform(0.004, 0.018) * noise
    return np.clip(picture * 255 + 0.5, 0, 255).astype(np.uint8)
