"""What is good of each number: more, less, or being near 0.

It stands beside the measures and imports none of them: whoever reads a configuration
must know the names without loading OpenCV.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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


_SHARE_FOUND = NumberKind(Better.HIGHER, is_share=True)
_SHARE_WRONG = NumberKind(Better.LOWER, is_share=True)
_KINDS = {
    **dict.fromkeys(
        (
            "iou",
            "miou",
            "foreground_miou",
            "fw_iou",
            "dice",
            "image_dice",
            "mean_image_dice",
            "precision",
            "recall",
            "pixel_accuracy",
            "foreground_accuracy",
            "parts_accuracy",
            "boundary_iou",
            "mean_boundary_iou",
            "boundary_f",
            "mean_boundary_f",
        ),
        NumberKind(Better.HIGHER),
    ),
    **dict.fromkeys(
        (
            "object_recall_small",
            "object_recall_medium",
            "object_recall_large",
            "auto_share",
        ),
        _SHARE_FOUND,
    ),
    **dict.fromkeys(("missed_share", "false_alarm_share"), _SHARE_WRONG),
    **dict.fromkeys(("count_error", "ece"), NumberKind(Better.LOWER)),
    **dict.fromkeys(("count_bias", "overconfidence"), NumberKind(Better.NEAR_ZERO)),
    **dict.fromkeys(
        (
            "mean_confidence",
            "examples",
            "groups",
            "all_background_accuracy",
            "true_foreground_px",
            "predicted_foreground_px",
            "predicted_background_share",
            "predicted_classes",
            "true_classes",
            "single_class_truths",
            "single_class_predictions",
            "true_sameness",
            "predicted_sameness",
        ),
        NumberKind(Better.NEITHER),
    ),
}


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
