"""Tensors of different lengths made alike, so that one batch can hold them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from serving.server.errors import FailedPreconditionError, InvalidArgumentError

_MAX_RANK = 6  # of TensorFlow Serving's padding


def pad_to_longest(name: str, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Grows every dimension but the first to the longest one's size.

    What is new in a tensor holds the tensor's own first value.

    Args:
        name: The tensor's, for the error.
        arrays: The same tensor of several tasks.

    Raises:
        ServingError: A tensor cannot grow.
    """
    ranks = {array.ndim for array in arrays}
    if len(ranks) > 1:
        raise FailedPreconditionError(
            f"Tensors with name '{name}' from different tasks must have as many"
            f" dimensions to be padded, got {' and '.join(map(str, sorted(ranks)))};"
            " send them in one form"
        )
    if max(ranks) > _MAX_RANK:
        raise InvalidArgumentError("Only tensors with rank from 1 to 6 can be padded.")
    longest = tuple(map(max, zip(*(array.shape[1:] for array in arrays), strict=True)))
    return [_pad(array, (len(array), *longest)) for array in arrays]


def _pad(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    if math.prod(shape) == array.size:
        return array.reshape(shape)
    if not array.size:
        raise InvalidArgumentError("Got empty tensor in batch of non-empty tensors.")
    padded = np.full(shape, array.flat[0], array.dtype)
    padded[tuple(map(slice, array.shape))] = array
    return padded
