"""How alike two thumbnails are once one is shifted and scaled onto the other.

A crop moves every pixel, so plain correlation falls although the picture is the
same. Gauss-Newton steps find the shift and scale per axis (and the contrast) that
explain the difference; what counts is the correlation of the overlap afterwards.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from components.dataset_auditor.screening import SIDE_PX, Floats

MAX_WARP = 0.16  # largest shift and scale, in half widths: crops of up to 8 % a side
_MAX_STEP = 0.06
_FIRST_STEPS = 2
_MORE_STEPS = 4
_HOPEFUL = 0.75  # planted copies are above 0.86 after the first steps
_BATCH = 256

_AXIS = np.linspace(-1, 1, SIDE_PX, dtype=np.float32)


def high_pass(thumbnails: npt.NDArray[np.uint8]) -> Floats:
    """Keeps outlines, drops lighting: [n, 32, 32] grey to zero-mean floats."""
    out = np.empty(thumbnails.shape, np.float32)
    for index, thumbnail in enumerate(thumbnails.astype(np.float32)):
        fine = cv2.GaussianBlur(thumbnail, (0, 0), 0.7)
        out[index] = fine - cv2.GaussianBlur(thumbnail, (0, 0), 4.0)
    return out


def aligned_similarity(left: Floats, right: Floats) -> Floats:
    """Returns [n] correlations -1..1 of high-passed pairs after alignment.

    Both directions are tried, since either picture may be the crop.
    """
    out = np.empty(len(left), np.float32)
    for start in range(0, len(left), _BATCH):
        part = slice(start, start + _BATCH)
        out[part] = _best_of_both(left[part], right[part])
    return out


def _best_of_both(left: Floats, right: Floats) -> Floats:
    best = np.maximum(
        _align(left, right, _FIRST_STEPS), _align(right, left, _FIRST_STEPS)
    )
    hopeful = np.flatnonzero(best >= _HOPEFUL)
    if len(hopeful):
        steps = _FIRST_STEPS + _MORE_STEPS
        best[hopeful] = np.maximum(
            _align(left[hopeful], right[hopeful], steps),
            _align(right[hopeful], left[hopeful], steps),
        )
    return best


def _align(fixed: Floats, moving: Floats, steps: int) -> Floats:
    """Best correlation met on the way; warp = (scale x, x, scale y, y)."""
    warp = np.zeros((len(fixed), 4), np.float32)
    warped, inside = _sample(moving, warp)
    best = _correlation(fixed, warped, inside)
    for _ in range(steps):
        warp = warp + _gauss_newton_step(fixed, warped, inside)
        warp = np.clip(warp, -MAX_WARP, MAX_WARP)
        warped, inside = _sample(moving, warp)
        best = np.maximum(best, _correlation(fixed, warped, inside))
    return best


def _sample(pictures: Floats, warp: Floats) -> tuple[Floats, Floats]:
    """Bilinear reading at the warped grid, and 1 where it lies inside."""
    x_low, x_part, x_inside = _grid(warp[:, 0:1], warp[:, 1:2])
    y_low, y_part, y_inside = _grid(warp[:, 2:3], warp[:, 3:4])
    item = np.arange(len(pictures))[:, None]
    y_part, x_part = y_part[:, :, None], x_part[:, None, :]
    rows = pictures[item, y_low] * (1 - y_part) + pictures[item, y_low + 1] * y_part
    columns = np.swapaxes(rows, 1, 2)
    low = np.swapaxes(columns[item, x_low], 1, 2)
    high = np.swapaxes(columns[item, x_low + 1], 1, 2)
    inside = y_inside[:, :, None] * x_inside[:, None, :]
    read = low * (1 - x_part) + high * x_part
    return read.astype(np.float32, copy=False), inside.astype(np.float32, copy=False)


def _grid(scale: Floats, shift: Floats) -> tuple[npt.NDArray[np.intp], Floats, Floats]:
    last = SIDE_PX - 1
    position = ((1 + scale) * _AXIS + shift + 1) * np.float32(last / 2)
    inside = ((position > -1e-3) & (position < last + 1e-3)).astype(np.float32)
    position = np.clip(position, 0, last)
    low = np.minimum(position.astype(np.intp), last - 1)
    return low, (position - low).astype(np.float32), inside


def _correlation(left: Floats, right: Floats, inside: Floats) -> Floats:
    count = np.maximum(inside.sum((1, 2), keepdims=True), 1)
    left = (left - (left * inside).sum((1, 2), keepdims=True) / count) * inside
    right = (right - (right * inside).sum((1, 2), keepdims=True) / count) * inside
    product = (left * right).sum((1, 2))
    norm = np.sqrt((left * left).sum((1, 2)) * (right * right).sum((1, 2)))
    return product / np.maximum(norm, np.float32(1e-6))


def _gauss_newton_step(fixed: Floats, warped: Floats, inside: Floats) -> Floats:
    """Solves fixed = contrast * warped + offset + gradient . step, by least squares."""
    half = np.float32((SIDE_PX - 1) / 4)  # central difference, in half widths
    basis = np.zeros((len(fixed), 6, SIDE_PX, SIDE_PX), np.float32)
    basis[:, 1, :, 1:-1] = (warped[:, :, 2:] - warped[:, :, :-2]) * half
    basis[:, 3, 1:-1] = (warped[:, 2:] - warped[:, :-2]) * half
    basis[:, 0] = basis[:, 1] * _AXIS[None, None, :]
    basis[:, 2] = basis[:, 3] * _AXIS[None, :, None]
    basis[:, 4] = warped
    basis[:, 5] = 1
    basis *= inside[:, None]
    flat = basis.reshape(len(fixed), 6, -1)
    normal = flat @ flat.transpose(0, 2, 1) + 1e-2 * np.eye(6, dtype=np.float32)
    solved = np.linalg.solve(normal, flat @ fixed.reshape(len(fixed), -1, 1))[..., 0]
    contrast = np.maximum(solved[:, 4:5], np.float32(0.2))
    return np.clip(solved[:, :4] / contrast, -_MAX_STEP, _MAX_STEP)
