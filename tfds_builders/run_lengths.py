"""Run lengths as COCO writes them: column by column, zeros first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from tfds_builders.mask_patch import Mask, MaskPatch


def encode_rle(patch: MaskPatch) -> dict[str, Any]:
    """Returns COCO's uncompressed run lengths of a whole mask, given as its patch.

    Example:
        >>> from tfds_builders.mask_patch import patch_of
        >>> encode_rle(patch_of(np.array([[0, 1], [0, 1]], bool)))
        {'size': [2, 2], 'counts': [2, 2]}
    """
    height, width = patch.pixels.shape
    # An empty row before and after keeps the runs of neighbouring columns apart.
    columns = np.zeros((width, height + 2), np.bool_)
    columns[:, 1:-1] = patch.pixels.T
    flat = columns.ravel()
    changes = np.flatnonzero(flat[1:] != flat[:-1])
    column, row = np.divmod(changes, height + 2)
    places = (column + patch.left) * patch.height_px + row + patch.top
    starts, ends = places[::2], places[1::2]
    # Runs that reach the end of a column and the start of the next are one.
    is_apart = starts[1:] != ends[:-1]
    edges = np.zeros(2 * is_apart.sum() + 2 * bool(len(starts)) + 2, np.int64)
    edges[-1] = patch.height_px * patch.width_px
    if len(starts):
        edges[1:-1:2] = np.concatenate([starts[:1], starts[1:][is_apart]])
        edges[2:-1:2] = np.concatenate([ends[:-1][is_apart], ends[-1:]])
    counts = np.diff(edges).tolist()
    if counts[-1] == 0:
        counts.pop()
    return {"size": [patch.height_px, patch.width_px], "counts": counts}


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
