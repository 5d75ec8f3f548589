"""Finds pictures of two sets that are one picture: re-encoded, resized, mirrored, cut.

`screen_pairs` names candidates out of all pairs, `aligned_similarity` decides.
100,000 pictures are 100 MB of thumbnails and 150 MB of index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from components.dataset_auditor.alignment import aligned_similarity, high_pass
from components.dataset_auditor.screening import (
    SIDE_PX,
    Indices,
    Thumbnails,
    index_thumbnails,
    screen_pairs,
)

Labels = npt.NDArray[np.int64]  # [n, kinds of label]


@dataclass(frozen=True, order=True)
class NearPair:
    """Indices of two pictures, how alike they are, whether one is mirrored."""

    left: int
    right: int
    similarity: float
    mirrored: bool


def grey_thumbnail(grey: npt.NDArray[np.uint8]) -> Thumbnails:
    """Returns the [32, 32] thumbnail of a grey picture [height, width]."""
    small = cv2.resize(grey, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8)


def find_near_duplicates(
    left: Thumbnails,
    right: Thumbnails,
    *,
    similarity: float,
    left_labels: Labels | None = None,
    right_labels: Labels | None = None,
    limit: int = 10_000,
) -> list[NearPair]:
    """Returns pairs at or above `similarity`, sorted; each pair once.

    Args:
        left: Thumbnails [n, 32, 32] of one set.
        right: Thumbnails [m, 32, 32] of the other.
        similarity: Aligned correlation from which two pictures are one.
        left_labels: [n, k] integers; a pair with an equal label is not compared.
        right_labels: [m, k], in the same columns.
        limit: The search ends with the block that reaches so many pairs.
    """
    if not len(left) or not len(right):
        return []
    best: dict[tuple[int, int], NearPair] = {}
    for i, j, mirrored in _candidates(left, right):
        keep = np.ones(len(i), bool)
        if left_labels is not None and right_labels is not None:
            keep = (left_labels[i] != right_labels[j]).all(axis=1)
        rows, columns = i[keep], j[keep]
        other = right[columns]
        other = other[:, :, ::-1] if mirrored else other
        scores = aligned_similarity(high_pass(left[rows]), high_pass(other))
        for hit in np.flatnonzero(scores >= similarity):
            score = round(float(scores[hit]), 3)
            pair = NearPair(int(rows[hit]), int(columns[hit]), score, mirrored)
            known = best.get((pair.left, pair.right))
            if known is None or known.similarity < score:
                best[pair.left, pair.right] = pair
        if len(best) >= limit:
            break
    return sorted(best.values())[:limit]


def _candidates(
    left: Thumbnails, right: Thumbnails
) -> Iterator[tuple[Indices, Indices, bool]]:
    left_index = index_thumbnails(left)
    for mirrored in (False, True):
        other = right[:, :, ::-1] if mirrored else right
        for rows, columns in screen_pairs(left_index, index_thumbnails(other)):
            yield rows, columns, mirrored
