"""Label colours that went through JPEG, back into classes.

JPEG blurs the edges between labels, and a blend of two colours is often the exact
colour of a third label: car and black make truck. The nearest colour therefore gives
nearly every picture a truck. Here only pixels that look like one label vote, those in
even surroundings ten times, and every pixel takes what its neighbourhood voted for.
"""

from __future__ import annotations

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
    pixels = label_rgb.reshape(-1, 3).astype(np.float32)
    palette = PALETTE_RGB.astype(np.float32)
    # 32 |p - c|^2 + index: one minimum gives both. All terms stay below 2^24, where
    # float32 is exact. |p|^2 is the same for all colours and comes last.
    ranks = np.arange(len(palette), dtype=np.float32)
    constant = 32 * (palette**2).sum(axis=1) + ranks
    coded = (constant[:, None] - 64 * palette @ pixels.T).min(axis=0)
    coded += 32 * (pixels**2).sum(axis=1)
    squared, index = np.divmod(coded.astype(np.int32), 32)
    shape = label_rgb.shape[:2]
    distance = np.sqrt(squared.astype(np.float32))
    return index.astype(np.uint8).reshape(shape), distance.reshape(shape)


def _vote_weights(label_rgb: Picture, distance: npt.NDArray[np.float32]) -> Ids:
    channel_range = cv2.subtract(
        cv2.dilate(label_rgb, _NEIGHBOURS), cv2.erode(label_rgb, _NEIGHBOURS)
    )
    is_even = channel_range.max(axis=-1) <= _EVEN_RANGE
    weights = np.where(is_even, _EVEN_VOTES, _EDGE_VOTES).astype(np.uint8)
    weights[distance > _VOTING_DISTANCE] = 0
    weights[_frame(weights.shape)] = 0
    return weights


def _elect(nearest: Ids, weights: Ids) -> Ids:
    """Returns the index with most votes around each pixel, 255 without a vote."""
    elected = np.full(nearest.shape, VOID_ID, np.uint8)
    most = np.zeros(nearest.shape, np.int16)
    for index in np.flatnonzero(np.bincount(nearest.ravel())):
        own = cv2.bitwise_and(weights, cv2.compare(nearest, int(index), cv2.CMP_EQ))
        votes = cv2.sepFilter2D(
            own, cv2.CV_16S, _NEARNESS, _NEARNESS, borderType=cv2.BORDER_REPLICATE
        )
        elected[votes > most] = index
        most = np.maximum(votes, most)
    return elected


def _frame(shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    frame = np.zeros(shape, np.bool_)
    frame[0] = frame[:, 0] = frame[:, -1] = True
    return frame
