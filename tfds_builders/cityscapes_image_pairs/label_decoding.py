"""Label colours that went through JPEG, back into classes.

JPEG blurs the edges between labels, and a blend of two colours is often the exact
colour of a third label: car and black make truck. The nearest colour therefore gives
nearly every picture a truck. Here only pixels that look like one label vote, those in
even surroundings ten times, and every pixel takes what its neighbourhood voted for.
"""

from __future__ import annotations

import functools

import cv2
import numpy as np
import numpy.typing as npt

from tfds_builders.cityscapes_image_pairs.palette import PALETTE_RGB
from tfds_builders.taxonomy import VOID_ID

DEFAULT_MAX_COLOUR_DISTANCE = 50.0

# Measured on 150 pictures of the set, see README.md: a further pixel is a blend.
_VOTING_DISTANCE = 30.0
# Largest range of a channel in 3 x 3 pixels that is noise and not an edge.
_EVEN_RANGE = 60
_EVEN_VOTES, _EDGE_VOTES = 10, 1
# 5 x 5 pixels, near ones count more: a box would erase poles.
_NEARNESS = np.array([1, 2, 3, 2, 1], np.float32)
_NEIGHBOURS = np.ones((3, 3), np.uint8)
# Eight values of a channel fall into one cell.
_CELL_BITS = 3
_CELLS = 256 >> _CELL_BITS
_ROUNDING = 1e-3

Ids = npt.NDArray[np.uint8]
Picture = npt.NDArray[np.uint8]


def decode_labels(
    label_rgb: Picture,
    *,
    max_colour_distance: float = DEFAULT_MAX_COLOUR_DISTANCE,
) -> Ids:
    """Returns the palette index of every pixel, 255 where none can be trusted.

    That is the dark frame (first row, first and last column), a pixel further from
    every colour than allowed, and one with nothing but blends around it.

    Args:
        label_rgb: [height, width, 3], the right half of a picture.
        max_colour_distance: Largest Euclidean distance in RGB to a label colour.

    Example:
        >>> noisy = np.full((8, 8, 3), (3, 1, 139), np.uint8)
        >>> noisy[4, 4] = (0, 0, 72)
        >>> decode_labels(noisy)[3:6, 3:6].tolist()
        [[13, 13, 13], [13, 13, 13], [13, 13, 13]]
    """
    nearest, distance = nearest_colours(label_rgb)
    votes = _vote_weights(label_rgb, distance)
    indices = _elect(nearest, votes)
    indices[distance > max_colour_distance] = VOID_ID
    indices[_frame(indices.shape)] = VOID_ID
    return indices


def nearest_colours(label_rgb: Picture) -> tuple[Ids, npt.NDArray[np.float32]]:
    """Returns index of and distance to the nearest label colour, both [height, width].

    Example:
        >>> index, distance = nearest_colours(np.uint8([[[0, 3, 138]]]))
        >>> index.item(), distance.item()
        (13, 5.0)
    """
    palette = PALETTE_RGB.astype(np.float32)
    channels = np.ascontiguousarray(label_rgb.reshape(-1, 3).T)
    red, green, blue = (channels >> _CELL_BITS).astype(np.int32)
    index = _nearest_by_cell().take((red * _CELLS + green) * _CELLS + blue)
    among_several = np.flatnonzero(index == VOID_ID)
    index[among_several] = _search(channels[:, among_several], palette)
    squared = np.zeros(index.shape, np.float32)
    for channel, values in zip(channels, palette.T, strict=True):
        squared += np.square(channel - values.take(index))
    shape = label_rgb.shape[:2]
    return index.reshape(shape), np.sqrt(squared).reshape(shape)


@functools.cache
def _nearest_by_cell() -> Ids:
    """Returns the nearest colour of each cell of 8 x 8 x 8 colours; 255: of several."""
    side = 1 << _CELL_BITS
    grid = np.indices((_CELLS,) * 3).reshape(3, -1).T
    middles = (grid * side + (side - 1) / 2).astype(np.float32)
    distances = np.linalg.norm(middles[:, None] - PALETTE_RGB, axis=-1)
    nearest = distances.argmin(axis=1).astype(np.uint8)
    first, second = np.partition(distances, 1, axis=1)[:, :2].T
    # No colour is further from the middle than a corner.
    reach = np.sqrt(3) * (side - 1) / 2
    nearest[second - first <= 2 * reach + _ROUNDING] = VOID_ID
    return nearest


def _search(channels: Picture, palette: npt.NDArray[np.float32]) -> Ids:
    """Returns the index of the nearest colour of each pixel, [3, n]."""
    squared = np.zeros((len(palette), channels.shape[1]), np.float32)
    for channel, values in zip(channels, palette.T, strict=True):
        squared += np.square(channel - values[:, np.newaxis])
    # 32 d^2 + index: one minimum gives both. It stays below 2^24, where float32 is
    # exact.
    ranks = np.arange(len(palette), dtype=np.float32)[:, np.newaxis]
    return ((32 * squared + ranks).min(axis=0).astype(np.int32) % 32).astype(np.uint8)


def _vote_weights(label_rgb: Picture, distance: npt.NDArray[np.float32]) -> Ids:
    channel_range = cv2.subtract(
        cv2.dilate(label_rgb, _NEIGHBOURS), cv2.erode(label_rgb, _NEIGHBOURS)
    )
    is_even = functools.reduce(np.maximum, cv2.split(channel_range)) <= _EVEN_RANGE
    weights = np.where(is_even, _EVEN_VOTES, _EDGE_VOTES).astype(np.uint8)
    weights[distance > _VOTING_DISTANCE] = 0
    weights[_frame(weights.shape)] = 0
    return weights


def _elect(nearest: Ids, weights: Ids) -> Ids:
    """Returns the index with most votes around each pixel, 255 without a vote.

    Of two with as many votes the lower index is taken.
    """
    # 32 votes + 31 - index: one maximum gives both.
    best = np.zeros(nearest.shape, np.int16)
    voters = np.where(weights > 0, nearest, VOID_ID)
    for index in range(len(PALETTE_RGB)):
        is_own = cv2.compare(voters, index, cv2.CMP_EQ)
        window = _reach_of(is_own)
        if not best[window].size:
            continue
        coded = cv2.sepFilter2D(
            cv2.bitwise_and(weights[window], is_own[window]),
            cv2.CV_16S,
            32 * _NEARNESS,
            _NEARNESS,
            delta=31 - index,
            borderType=cv2.BORDER_REPLICATE | cv2.BORDER_ISOLATED,
        )
        np.maximum(best[window], coded, out=best[window])
    return np.where(best >= 32, 31 - (best & 31), VOID_ID).astype(np.uint8)


def _reach_of(mask: Ids) -> tuple[slice, slice]:
    """Returns the window in which the pixels of a mask vote; empty for an empty one."""
    left, top, width, height = cv2.boundingRect(mask)
    if not width:
        return slice(0), slice(0)
    margin = len(_NEARNESS) // 2
    return (
        slice(max(top - margin, 0), top + height + margin),
        slice(max(left - margin, 0), left + width + margin),
    )


def _frame(shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    frame = np.zeros(shape, np.bool_)
    frame[0] = frame[:, 0] = frame[:, -1] = True
    return frame
