"""Draws what weather puts before a photo: how much of each pixel it covers, 0..1.

Everything is drawn on one canvas of bounded size with the photo's proportions, then
brought to the photo's size: a photo of any size gets the same weather. A layer covers
no pixel less at a greater strength.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Cover = npt.NDArray[np.float32]  # [height, width], 0 nothing .. 1 all
Size = tuple[int, int]  # height, width

_SPAN_PX = 768  # square root of the canvas's area
_LONGEST_PX = 4096  # of a canvas for a very long photo
_FINEST_PX = 4  # cells of noise
_SHIFT = 4  # OpenCV draws at 1/16 pixels

# Flakes of three distances: share of all, length in shares of the span, brightness.
_FLAKES = ((0.60, 0.005, 0.60), (0.30, 0.010, 0.80), (0.10, 0.024, 0.90))
_MOST_FLAKES = 2600
_FLAKE_SHARE = (0.14, 0.28, 0.46, 0.7, 1.0)
_SNOW_VEIL = (0.05, 0.10, 0.16, 0.23, 0.30)

_CRYSTALS = 110
_BRANCHES, _TWIGS = 8, 5
_FROST_SHARE = (0.42, 0.56, 0.70, 0.83, 0.95)

_FOG_SHARE = (0.40, 0.52, 0.64, 0.75, 0.86)


def snow_cover(size: Size, strength: int, rng: np.random.Generator) -> Cover:
    """Streaks of falling flakes, all with the wind, before a thin veil."""
    height, width = canvas = _canvas_size(size)
    wind = rng.normal(0.0, 0.35)
    cover = np.zeros(canvas, np.float32)
    for share, length, brightness in _FLAKES:
        most = round(_MOST_FLAKES * share)
        # A greater strength draws more of the same flakes.
        starts = rng.uniform(0, (width, height), (most, 2))
        angles = wind + rng.normal(0.0, 0.12, most)
        steps = rng.uniform(0.4, 1.6, (most, 1)) * length * _SPAN_PX
        ends = starts + steps * np.stack([np.sin(angles), np.cos(angles)], -1)
        count = round(most * _FLAKE_SHARE[strength - 1])
        streaks = np.stack([starts, ends], 1)[:count]
        thickness = max(1, round(0.35 * length * _SPAN_PX))
        layer = _draw_lines(canvas, streaks, thickness)
        layer = cv2.GaussianBlur(layer, (0, 0), 0.4 + 0.18 * thickness)
        np.maximum(cover, brightness * layer, out=cover)
    veil = _SNOW_VEIL[strength - 1]
    return _resize(veil + (1 - veil) * cover, size)


def frost_cover(size: Size, strength: int, rng: np.random.Generator) -> Cover:
    """Ice ferns that grow on a pane from its edges, on a haze of ice."""
    canvas = _canvas_size(size)
    ferns = _draw_lines(canvas, _fern_lines(canvas, rng), 1)
    # Each line is a needle with a soft rim, on ice that is thick beside the edges.
    needles = 0.8 * ferns + 0.5 * cv2.GaussianBlur(ferns, (0, 0), 3.0)
    thickness = 0.35 + 0.65 * _edge_nearness(canvas)
    haze = 0.75 * thickness * _plasma(canvas, rng, coarsest=6)
    ice = np.clip(haze + needles * (0.35 + 0.65 * thickness), 0, 1)
    return _resize(_FROST_SHARE[strength - 1] * ice, size)


def fog_cover(size: Size, strength: int, rng: np.random.Generator) -> Cover:
    """Drifting fog, denser in the upper part, where things are far away."""
    canvas = _canvas_size(size)
    drift = _plasma(canvas, rng, coarsest=3)
    far = np.linspace(1, 0, canvas[0], dtype=np.float32)[:, None]
    fog = 0.5 + 0.35 * drift + 0.15 * far
    cover = _FOG_SHARE[strength - 1] * fog
    return _resize(cover.astype(np.float32, copy=False), size)


def _canvas_size(size: Size) -> Size:
    scale = _SPAN_PX / np.sqrt(size[0] * size[1])
    scale = min(scale, _LONGEST_PX / max(size))
    height, width = (max(2, round(side * scale)) for side in size)
    return height, width


def _resize(cover: Cover, size: Size) -> Cover:
    """Averages where it shrinks, so that thin lines fade and do not vanish."""
    shrinks = size[0] <= cover.shape[0] and size[1] <= cover.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(cover, size[::-1], interpolation=method)


def _draw_lines(canvas: Size, lines: npt.NDArray[np.float64], thickness: int) -> Cover:
    """Draws lines [n, 2 points, (x, y)] with smooth edges."""
    layer = np.zeros(canvas, np.uint8)
    fixed = np.round(lines * (1 << _SHIFT)).astype(np.int32)
    cv2.polylines(layer, list(fixed), False, 255, thickness, cv2.LINE_AA, _SHIFT)
    return layer.astype(np.float32) / np.float32(255)


def _plasma(canvas: Size, rng: np.random.Generator, coarsest: int) -> Cover:
    """Noise of many sizes, the coarse strongest, brought to 0..1."""
    total = np.zeros(canvas, np.float32)
    cell_px, weight = max(canvas) / coarsest, 1.0
    while cell_px >= _FINEST_PX:
        grid = tuple(max(2, round(side / cell_px)) for side in canvas)
        drawn = rng.random(grid, np.float32)
        octave = cv2.resize(drawn, canvas[::-1], interpolation=cv2.INTER_CUBIC)
        total += weight * octave
        cell_px, weight = cell_px / 2, weight * 0.55
    total -= total.min()
    return total / max(float(total.max()), 1e-6)


def _edge_nearness(canvas: Size) -> Cover:
    """1 at the pane's edges, 0 in its middle."""
    rows, columns = (np.abs(np.linspace(-1, 1, side)) for side in canvas)
    return np.maximum(rows[:, None], columns[None]).astype(np.float32) ** 1.5


def _fern_lines(canvas: Size, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Returns lines [n, 2, 2]: stems with branches at 60 degrees, and twigs on them."""
    height, width = canvas
    roots = rng.uniform(0, (width, height), (_CRYSTALS, 2))
    onto_edge = rng.random(_CRYSTALS) < 0.7
    side = rng.integers(0, 2, _CRYSTALS)
    axis = rng.integers(0, 2, _CRYSTALS)
    edges = np.array([width, height])[axis] * side
    rows = np.flatnonzero(onto_edge)
    roots[rows, axis[rows]] = edges[rows]
    inwards = np.array([width, height]) / 2 - roots
    angles = np.arctan2(inwards[:, 1], inwards[:, 0]) + rng.normal(0, 0.6, _CRYSTALS)
    lengths = _SPAN_PX * rng.uniform(0.08, 0.34, _CRYSTALS)
    stems = _rays(roots, angles, lengths)
    branches, branch_angles, branch_lengths = _side_rays(
        stems, angles, lengths, _BRANCHES
    )
    twigs, _, _ = _side_rays(branches, branch_angles, branch_lengths, _TWIGS)
    return np.concatenate([stems, branches, twigs])


def _rays(
    starts: npt.NDArray[np.float64],
    angles: npt.NDArray[np.float64],
    lengths: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    directions = np.stack([np.cos(angles), np.sin(angles)], -1)
    return np.stack([starts, starts + lengths[:, None] * directions], 1)


def _side_rays(
    stems: npt.NDArray[np.float64],
    angles: npt.NDArray[np.float64],
    lengths: npt.NDArray[np.float64],
    count: int,
) -> tuple[npt.NDArray[np.float64], ...]:
    """Grows branches from both sides of each stem, shorter towards its tip."""
    along = (np.arange(count) + 1) / (count + 1)
    starts = stems[:, None, 0] + along[:, None] * (stems[:, 1] - stems[:, 0])[:, None]
    size = 0.4 * lengths[:, None] * (1 - along)  # [stems, count]
    starts = np.concatenate([starts, starts]).reshape(-1, 2)
    sizes = np.concatenate([size, size]).reshape(-1)
    turns = np.repeat([np.pi / 3, -np.pi / 3], len(stems))
    turned = np.repeat(np.concatenate([angles, angles]) + turns, count)
    return _rays(starts, turned, sizes), turned, sizes
