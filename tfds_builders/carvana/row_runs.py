"""Run lengths as Carvana writes them: row by row, starts counted from 1."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_MAX_DIGITS = 18  # of a number that surely fits 64 bits


def encode_runs(mask: npt.NDArray[Any]) -> str:
    """Returns the runs of a mask [height, width] as `start length start length ...`.

    Any value but 0 is the car; a run goes on from the end of a row into the next.

    Example:
        >>> encode_runs(np.array([[0, 1, 1], [1, 0, 1]]))
        '2 3 6 1'
    """
    is_car = (np.asarray(mask) != 0).ravel()
    changes = np.flatnonzero(is_car[1:] != is_car[:-1]) + 1
    first, last = is_car[:1].nonzero()[0], is_car[-1:].nonzero()[0] + is_car.size
    runs = np.concatenate([first, changes, last]).reshape(-1, 2)
    pairs = np.stack([runs[:, 0] + 1, runs[:, 1] - runs[:, 0]], axis=1)
    return " ".join(map(str, pairs.ravel().tolist()))


def decode_runs(text: str, *, height_px: int, width_px: int) -> npt.NDArray[np.uint8]:
    """Returns the mask [height, width] of runs, 1 where the car is.

    Empty text is a picture without a car.

    Raises:
        ValueError: What is written is no number, the numbers are no pairs, or the
            runs are empty, overlap, or reach beyond the picture.

    Example:
        >>> decode_runs("2 3 6 1", height_px=2, width_px=3).tolist()
        [[0, 1, 1], [1, 0, 1]]
    """
    pairs = _pairs(text)
    bounds = np.stack([pairs[:, 0] - 1, pairs[:, 0] - 1 + pairs[:, 1]], axis=1)
    _check_bounds(bounds, height_px, width_px)
    edges = np.concatenate([[0], bounds.ravel(), [height_px * width_px]])
    values = (np.arange(len(edges) - 1) % 2).astype(np.uint8)
    return np.repeat(values, np.diff(edges)).reshape(height_px, width_px)


def _pairs(text: str) -> npt.NDArray[np.int64]:
    """Returns the numbers as [runs, 2]: start and length of each."""
    words = text.split()
    for word in words:
        if not (word.isascii() and word.isdigit() and len(word) <= _MAX_DIGITS):
            raise ValueError(
                f"run lengths must be whole numbers, got {word[:40]!r}; fetch the"
                " table again"
            )
    if len(words) % 2:
        raise ValueError(
            "run lengths must be pairs of start and length, got an odd count of"
            f" {len(words)} numbers; fetch the table again"
        )
    return np.array(words, np.int64).reshape(-1, 2)


def _check_bounds(bounds: npt.NDArray[np.int64], height_px: int, width_px: int) -> None:
    """Refuses runs [start, stop), counted from 0, that are not apart and inside."""
    size = height_px * width_px
    starts, stops = bounds[:, 0], bounds[:, 1]
    faults = {
        "hold a pixel or more": stops <= starts,
        f"lie within 1..{size} (the picture is {width_px} x {height_px})": (
            (starts < 0) | (stops > size)
        ),
        "rise and not overlap": starts < np.concatenate([[0], stops])[:-1],
    }
    for rule, broken in faults.items():
        if broken.any():
            start, stop = bounds[np.argmax(broken)].tolist()
            raise ValueError(
                f"runs must {rule}, got start {start + 1} and length {stop - start};"
                " fetch the table again"
            )
