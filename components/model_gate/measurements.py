"""What the gate judges: the numbers of candidate, last blessed model and mean mask."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

SliceKey = tuple[tuple[str, str], ...]  # sorted (feature, value); () is the whole split
Numbers = Mapping[SliceKey, Mapping[str, float]]

WHOLE: SliceKey = ()


@dataclass(frozen=True)
class Baseline:
    """The last blessed model, as far as it can be compared.

    Attributes:
        numbers: By slice and name; None where change cannot be judged.
        reason: Why not, or what was taken for granted; '' where there is nothing to
            say.
    """

    numbers: Numbers | None
    reason: str = ""


@dataclass(frozen=True)
class MeanMask:
    """The best mask that ignores the photo, made of the training set's masks.

    Attributes:
        foreground_miou: Its score on the test split; NaN where there is none.
        train_examples: Masks that it was made of.
        test_examples: Masks that it was measured on.
    """

    foreground_miou: float
    train_examples: int
    test_examples: int


def number_name(metric: str, class_name: str | None) -> str:
    """Returns the evaluation's name of a number.

    Example:
        >>> number_name("iou", "car"), number_name("miou", None)
        ('iou/car', 'miou')
    """
    return metric if class_name is None else f"{metric}/{class_name}"


def describe_slice(key: SliceKey) -> str:
    """Returns words for a slice.

    Example:
        >>> describe_slice((("view", "front"),)), describe_slice(())
        ('photos with view=front', 'all test photos')
    """
    if not key:
        return "all test photos"
    return "photos with " + ", ".join(f"{name}={value}" for name, value in key)


def whole(numbers: Numbers, name: str) -> float:
    """Returns a number of the whole split, NaN where it is missing."""
    return numbers.get(WHOLE, {}).get(name, math.nan)
