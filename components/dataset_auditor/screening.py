"""Names the few pairs of thumbnails that are worth aligning, out of billions.

Two tests on 64 low frequencies: their cosine, by blocks of matrix products, then
the tangent distance (Simard et al. 1993): what is left of the difference once the
derivatives by shift, scale and contrast have explained their part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Thumbnails = npt.NDArray[np.uint8]  # [n, 32, 32]
Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

SIDE_PX = 32
MIN_COSINE = 0.75  # copies cropped 3 % a side stay above 0.8
MAX_TANGENT_DISTANCE = 0.15  # those stay below 0.02, and street scenes above 0.15
_FREQUENCIES = 8
_BLOCK = 4096
_FLAT = 32.0  # a picture with less variation has nothing to compare

_AXIS = np.linspace(-1, 1, SIDE_PX, dtype=np.float32)
_COSINES = np.cos(
    np.pi / SIDE_PX * np.outer(np.arange(_FREQUENCIES), np.arange(SIDE_PX) + 0.5)
).astype(np.float32)
_WEIGHT = np.sqrt(  # fine frequencies weigh more; the mean weighs nothing
    np.hypot(*np.meshgrid(np.arange(_FREQUENCIES), np.arange(_FREQUENCIES)))
).astype(np.float32)


@dataclass(frozen=True)
class ScreenIndex:
    """What the screen compares, per picture.

    Attributes:
        units: [n, 64] unit vectors, zero for a flat picture.
        tangents: [n, 64, 5] orthonormal directions in which a small crop or a
            change of contrast moves the vector.
    """

    units: Floats
    tangents: Floats


def index_thumbnails(thumbnails: Thumbnails) -> ScreenIndex:
    """Prepares pictures for `screen_pairs`; 1.5 kB each."""
    units = np.zeros((len(thumbnails), _FREQUENCIES**2), np.float32)
    tangents = np.zeros((len(thumbnails), _FREQUENCIES**2, 5), np.float32)
    for start in range(0, len(thumbnails), _BLOCK):
        part = slice(start, start + _BLOCK)
        units[part], tangents[part] = _describe(thumbnails[part])
    return ScreenIndex(units, tangents)


def screen_pairs(
    left: ScreenIndex, right: ScreenIndex
) -> Iterator[tuple[Indices, Indices]]:
    """Yields blocks of index pairs that pass both tests."""
    for row in range(0, len(left.units), _BLOCK):
        for column in range(0, len(right.units), _BLOCK):
            block = left.units[row : row + _BLOCK]
            cosine = block @ right.units[column : column + _BLOCK].T
            rows, columns = np.nonzero(cosine >= MIN_COSINE)
            yield from _pass_tangents(left, right, rows + row, columns + column)


def _pass_tangents(
    left: ScreenIndex, right: ScreenIndex, rows: Indices, columns: Indices
) -> Iterator[tuple[Indices, Indices]]:
    for start in range(0, len(rows), _BLOCK):
        i, j = rows[start : start + _BLOCK], columns[start : start + _BLOCK]
        difference = right.units[j] - left.units[i]
        distance = np.minimum(
            _unexplained(difference, left.tangents[i]),
            _unexplained(difference, right.tangents[j]),
        )
        near = distance <= MAX_TANGENT_DISTANCE
        yield i[near], j[near]


def _unexplained(difference: Floats, tangents: Floats) -> Floats:
    explained = (difference[:, None, :] @ tangents)[:, 0]
    return (difference**2).sum(1) - (explained**2).sum(1)


def _describe(thumbnails: Thumbnails) -> tuple[Floats, Floats]:
    grey = thumbnails.astype(np.float32)
    smooth = np.stack([cv2.GaussianBlur(picture, (0, 0), 0.7) for picture in grey])
    by_x = np.gradient(smooth, axis=2)
    by_y = np.gradient(smooth, axis=1)
    moves = (smooth, by_x, by_x * _AXIS, by_y, by_y * _AXIS[:, None])
    tangents = np.linalg.qr(np.stack([_spectrum(move) for move in moves], -1))[0]
    vectors = _spectrum(grey)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    seen = lengths > _FLAT * SIDE_PX / 2  # the cosines' gain is 16 a unit of grey
    return np.where(seen, vectors / np.maximum(lengths, 1), 0), tangents


def _spectrum(pictures: Floats) -> Floats:
    spectrum = (_COSINES @ pictures @ _COSINES.T) * _WEIGHT
    return spectrum.reshape(len(pictures), -1)
