"""The picture while it is painted, with the label maps under it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tfds_builders.synthetic_cars.taxonomy import STREET_IDS

NOISE_SIDE = 512
SUPERSAMPLING = 2
_SUBPIXEL_BITS = 3
# Codes below are street ids themselves; from here on each code is one object.
_FIRST_OBJECT = 32


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One damage on one car.

    Attributes:
        class_id: Class id of task `damage`.
        car_code: Code of the car that carries it.
    """

    class_id: int
    car_code: int


class Canvas:
    """Image and labels at twice the picture's size, painted from far to near.

    Attributes:
        image: RGB, uint8 [height, width, 3].
        codes: Street id or object code per pixel, uint8 [height, width].
        parts: Class ids of task `parts`; valid where `codes` is a car.
        marks: Number of the damage mark, 0 for none; valid where `codes` is a car.
        noise: Smooth noise around 0, float32
            [NOISE_SIDE, NOISE_SIDE], to roughen surfaces with.
    """

    def __init__(self, height: int, width: int, rng: np.random.Generator) -> None:
        self.image = np.zeros((height, width, 3), np.uint8)
        self.codes = np.full((height, width), STREET_IDS["sky"], np.uint8)
        self.parts = np.zeros((height, width), np.uint8)
        self.marks = np.zeros((height, width), np.uint8)
        self.noise = _noise_tile(rng)
        self.street_of_code: dict[int, int] = {i: i for i in STREET_IDS.values()}
        self.mark_of_number: dict[int, Mark] = {}
        self._rng = rng

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.codes.shape[0], self.codes.shape[1]

    def new_object(self, street_class: str) -> int:
        """Returns the code of a new countable object of `street_class`."""
        code = max(_FIRST_OBJECT, max(self.street_of_code) + 1)
        self.street_of_code[code] = STREET_IDS[street_class]
        return code

    def new_mark(self, mark: Mark) -> int:
        """Returns the number of a new damage mark."""
        number = len(self.mark_of_number) + 1
        self.mark_of_number[number] = mark
        return number

    def fill(self, pixels: np.ndarray, rgb: np.ndarray, code: int) -> None:
        """Fills the polygon `pixels` [n, 2] with one colour (0..1) and one code."""
        polygon = fixed_point(pixels)
        colour = [255.0 * min(max(v, 0.0), 1.0) for v in rgb.tolist()]
        cv2.fillPoly(self.image, [polygon], colour, cv2.LINE_8, _SUBPIXEL_BITS)
        cv2.fillPoly(self.codes, [polygon], code, cv2.LINE_8, _SUBPIXEL_BITS)

    def fill_rough(
        self, mask: np.ndarray, left: int, top: int, rgb: np.ndarray, code: int
    ) -> None:
        """Fills a mask [h, w] placed at (left, top) with a noisy colour.

        `rgb` is one colour or a colour per pixel, 0..1.
        """
        height, width = self.size
        x0, y0 = max(left, 0), max(top, 0)
        x1 = min(left + mask.shape[1], width)
        y1 = min(top + mask.shape[0], height)
        if x1 <= x0 or y1 <= y0:
            return
        part = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
        on = mask[part] > 0
        shift = self._rng.integers(0, NOISE_SIDE, 2)
        rows = (np.arange(y0, y1) + shift[0]) % NOISE_SIDE
        cols = (np.arange(x0, x1) + shift[1]) % NOISE_SIDE
        noise = self.noise[np.ix_(rows, cols)]
        colours = (rgb[part] if rgb.ndim == 3 else rgb) * (1 + 0.5 * noise[..., None])
        window = np.s_[y0:y1, x0:x1]
        self.image[window][on] = np.clip(colours * 255, 0, 255)[on].astype(np.uint8)
        self.codes[window][on] = code


def fixed_point(pixels: np.ndarray) -> np.ndarray:
    """Returns pixels as OpenCV's fixed-point integers of `Canvas`."""
    scaled = np.rint(pixels * 2**_SUBPIXEL_BITS)
    # Far outside of any frame, and what OpenCV still can count with.
    np.minimum(np.maximum(scaled, -1e5, out=scaled), 1e5, out=scaled)
    return scaled.astype(np.int32).reshape(-1, 1, 2)


def _noise_tile(rng: np.random.Generator) -> np.ndarray:
    tile = np.zeros((NOISE_SIDE, NOISE_SIDE), np.float32)
    for cells, weight in ((16, 0.5), (64, 0.6), (256, 0.7)):
        grid = rng.normal(size=(cells, cells)).astype(np.float32)
        tile += weight * cv2.resize(
            grid, (NOISE_SIDE, NOISE_SIDE), interpolation=cv2.INTER_CUBIC
        )
    return tile / 1.5
