"""Weights of classes from how many pixels each has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def class_weights(pixels: Sequence[int], *, power: float = 0.5) -> list[float]:
    """Returns a factor per class; over all pixels their mean is 1.

    Args:
        pixels: Labelled pixels of each class in the train split, void not counted. A
            class without any gets the factor 0: it has no pixel to weigh.
        power: 0 weighs alike, 1 gives every class the same share of the loss.

    Example:
        >>> class_weights([900, 100], power=1.0)
        [0.5555555555555556, 5.0]
    """
    counts = np.asarray(pixels, dtype=np.float64)
    if counts.ndim != 1 or np.any(counts < 0) or not counts.sum():
        raise ValueError(
            f"pixels must be counts with one above 0, got {list(pixels)}; class weights"
            " need an audited train split"
        )
    present = counts > 0
    weights = np.zeros_like(counts)
    weights[present] = counts[present] ** -power
    return list(weights * counts.sum() / (weights * counts).sum())
