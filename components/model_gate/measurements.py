"""What the gate judges: the numbers of candidate, live model and mean mask."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from components.segmentation_metrics.confusion import Matrix

SliceKey = tuple[tuple[str, str], ...]  # sorted (feature, value); () is the whole split
Numbers = Mapping[SliceKey, Mapping[str, float]]
Arrays = Mapping[SliceKey, Mapping[str, npt.NDArray[np.float64]]]
Replicates = Arrays  # [replicates] of each number

WHOLE: SliceKey = ()


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the evaluation holds of one model.

    Attributes:
        numbers: By slice and name.
        replicates: Of each number for redrawn groups of test photos; empty where the
            evaluation drew none.
        sums: By slice and measure; curves and tables are drawn from them.
        matrix: The confusion matrix of all test photos; None where there is none.
    """

    numbers: Numbers
    replicates: Replicates = field(default_factory=dict)
    sums: Arrays = field(default_factory=dict)
    matrix: Matrix | None = None

    def replicates_of(
        self, name: str, key: SliceKey = WHOLE
    ) -> npt.NDArray[np.float64] | None:
        """Returns the replicates of one number; None where there are none."""
        found = self.replicates.get(key, {}).get(name)
        return found if found is not None and found.size else None

    def groups_of(self, name: str, key: SliceKey = WHOLE) -> float:
        """Returns how many groups of photos a number stands on; NaN where unknown.

        Some numbers have groups of their own: recall of small objects stands on those
        that show one. What follows the slash of another is a class, or a threshold:
        that one stands on all groups.
        """
        numbers = self.numbers.get(key, {})
        _, _, class_name = name.partition("/")
        places = (f"groups/{name}", f"groups/{class_name}", "groups")
        return next((numbers[place] for place in places if place in numbers), math.nan)


@dataclass(frozen=True)
class Baseline:
    """The live model, as far as it can be compared.

    Attributes:
        measured: Its numbers; None where change cannot be judged.
        reason: Why not, or what was taken for granted; '' where there is nothing to
            say.
    """

    measured: Measured | None
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
