"""Every number that an evaluation will hold: its names, and what is good of it.

Free to import, so that a configuration can be checked at once. It stands beside the
measures and imports none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

# Thresholds of a photo's confidence that decisions are counted for.
CONFIDENCE_STEPS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99)


class Better(Enum):
    """Which of two values of a number is the better one."""

    HIGHER = "higher is better"
    LOWER = "lower is better"
    NEAR_ZERO = "near 0 is better"
    NEITHER = "it is no score"


@dataclass(frozen=True)
class NumberKind:
    """What a name without its class or threshold stands for.

    Attributes:
        better: Which values are good.
        is_share: Whether it is a count of objects or photos over another: near 0 and
            near 1 redrawing alone says too little of it.
    """

    better: Better
    is_share: bool = False


_SCORE = NumberKind(Better.HIGHER)
_ERROR = NumberKind(Better.LOWER)
_SIGNED = NumberKind(Better.NEAR_ZERO)
_FACT = NumberKind(Better.NEITHER)
_SHARE_FOUND = NumberKind(Better.HIGHER, is_share=True)
_SHARE_WRONG = NumberKind(Better.LOWER, is_share=True)

_OF_OBJECTS = {
    "object_recall_small": _SHARE_FOUND,
    "object_recall_medium": _SHARE_FOUND,
    "object_recall_large": _SHARE_FOUND,
    "count_error": _ERROR,
    "count_bias": _SIGNED,
}
OF_CLASS: Mapping[str, NumberKind] = {
    "iou": _SCORE,
    "dice": _SCORE,
    "precision": _SCORE,
    "recall": _SCORE,
    "image_dice": _SCORE,
    "boundary_iou": _SCORE,
    "boundary_f": _SCORE,
    **_OF_OBJECTS,
    "groups": _FACT,
}
OF_ALL: Mapping[str, NumberKind] = {
    "miou": _SCORE,
    "foreground_miou": _SCORE,
    "pixel_accuracy": _SCORE,
    "mean_image_dice": _SCORE,
    "fw_iou": _SCORE,
    "foreground_accuracy": _SCORE,
    "mean_boundary_iou": _SCORE,
    "mean_boundary_f": _SCORE,
    **_OF_OBJECTS,
    "ece": _ERROR,
    "mean_confidence": _FACT,
    "overconfidence": _SIGNED,
    "groups": _FACT,
    "examples": _FACT,
    "all_background_accuracy": _FACT,
    "true_foreground_px": _FACT,
    "predicted_foreground_px": _FACT,
    "predicted_background_share": _FACT,
    "predicted_classes": _FACT,
    "true_classes": _FACT,
    "single_class_truths": _FACT,
    "single_class_predictions": _FACT,
    "true_sameness": _FACT,
    "predicted_sameness": _FACT,
}
# There only where a class means the rest.
WITH_REST_CLASS: Mapping[str, NumberKind] = {"parts_accuracy": _SCORE}
OF_CONFIDENCE: Mapping[str, NumberKind] = {
    "auto_share": _SHARE_FOUND,
    "missed_share": _SHARE_WRONG,
    "false_alarm_share": _SHARE_WRONG,
}
_KINDS = {**OF_ALL, **WITH_REST_CLASS, **OF_CLASS, **OF_CONFIDENCE}


def metric_names() -> list[str]:
    """Returns every name without class or threshold, each once."""
    return list(_KINDS)


def of_confidence(metric: str) -> Iterator[str]:
    """Yields a metric's names with its thresholds.

    Example:
        >>> next(of_confidence("missed_share"))
        'missed_share/0.5'
    """
    for step in CONFIDENCE_STEPS:
        yield f"{metric}/{step:g}"


def kind_of(name: str) -> NumberKind | None:
    """Returns the kind of a number, with or without class or threshold.

    None where no measure gives such a number.

    Example:
        >>> kind_of("missed_share/0.9").better, kind_of("iou/car").better
        (<Better.LOWER: 'lower is better'>, <Better.HIGHER: 'higher is better'>)
        >>> kind_of("iuo/car") is None
        True
    """
    return _KINDS.get(name.partition("/")[0])
