"""Run lengths as COCO writes them: column by column, zeros first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]


def encode_rle(mask: npt.NDArray[Any]) -> dict[str, Any]:
    """Returns COCO's uncompressed run lengths of a mask [height, width].

    Example:
        >>> encode_rle(np.array([[0, 1], [0, 1]]))
        {'size': [2, 2], 'counts': [2, 2]}
    """
    columns = np.flatnonzero(np.asarray(mask).any(axis=0))
    first, last = (columns[0], columns[-1] + 1) if len(columns) else (0, 0)
    flat = np.zeros((last - first) * mask.shape[0] + 2, np.bool_)
    flat[1:-1] = np.asarray(mask[:, first:last], np.bool_).T.ravel()
    changes = np.flatnonzero(flat[1:] != flat[:-1])
    edges = np.concatenate([[0], changes + first * mask.shape[0], [mask.size]])
    counts = np.diff(edges).tolist()
    if counts[-1] == 0:
        counts.pop()
    return {"size": [int(mask.shape[0]), int(mask.shape[1])], "counts": counts}


def decode_rle(counts: str | Sequence[int], *, height_px: int, width_px: int) -> Mask:
    """Returns the mask [height, width] of run lengths, plain or compressed to text.

    Raises:
        ValueError: The runs do not add up to the mask's pixels.

    Example:
        >>> decode_rle([2, 2], height_px=2, width_px=2).tolist()
        [[False, True], [False, True]]
    """
    runs = plain_runs(counts)
    if any(run < 0 for run in runs) or sum(runs) != height_px * width_px:
        raise ValueError(
            f"run lengths must be 0 or more and add up to {width_px} x {height_px}"
            f" pixels, got a sum of {sum(runs)}; export the annotations again"
        )
    values = np.arange(len(runs)) % 2 == 1
    return np.repeat(values, runs).reshape(width_px, height_px).T


def plain_runs(counts: str | Sequence[int]) -> list[int]:
    """Returns run lengths as numbers, whether they are given so or as text.

    Example:
        >>> plain_runs("6X1"), plain_runs((6, 40))
        ([6, 40], [6, 40])
    """
    return _decompress(counts) if isinstance(counts, str) else list(counts)


def _decompress(text: str) -> list[int]:
    """Reads COCO's text form: 5 bits a character from 48 on, runs relative by two."""
    differences: list[int] = []
    value, shift = 0, 0
    for character in text:
        bits = ord(character) - 48
        if not 0 <= bits < 64:
            raise ValueError(
                f"compressed run lengths hold characters 0 to o, got {character!r};"
                " export the annotations again"
            )
        value |= (bits & 31) << shift
        shift += 5
        if bits & 32:
            continue
        differences.append(value - (1 << shift) if bits & 16 else value)
        value, shift = 0, 0
    if shift:
        raise ValueError("compressed run lengths end in the middle of a number")
    odd, even = differences[1::2], differences[2::2]
    runs = differences[:1] + [0] * (len(differences) - 1)
    # From the third run on, each number is the difference to the run two before.
    runs[1::2] = accumulate(odd)
    runs[2::2] = accumulate(even)
    return runs
