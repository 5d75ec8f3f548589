"""Names of the numbers that an evaluation will hold, as far as no data is needed.

Free to import, so that a configuration can be checked at once.
"""

from __future__ import annotations

from collections.abc import Iterator

# Thresholds of a photo's confidence that decisions are counted for.
CONFIDENCE_STEPS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99)

OF_CLASS = (
    "iou",
    "dice",
    "precision",
    "recall",
    "image_dice",
    "boundary_iou",
    "boundary_f",
    "object_recall_small",
    "object_recall_medium",
    "object_recall_large",
    "count_error",
    "count_bias",
    "groups",
)
OF_ALL = (
    "miou",
    "foreground_miou",
    "pixel_accuracy",
    "mean_image_dice",
    "fw_iou",
    "foreground_accuracy",
    "mean_boundary_iou",
    "mean_boundary_f",
    "object_recall_small",
    "object_recall_medium",
    "object_recall_large",
    "count_error",
    "count_bias",
    "ece",
    "mean_confidence",
    "overconfidence",
    "groups",
    "examples",
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
)
WITH_REST_CLASS = ("parts_accuracy",)  # there only where a class means the rest
OF_CONFIDENCE = ("auto_share", "missed_share", "false_alarm_share")


def metric_names() -> list[str]:
    """Returns every name without class or threshold, each once."""
    names = [*OF_ALL, *WITH_REST_CLASS, *OF_CLASS, *OF_CONFIDENCE]
    return list(dict.fromkeys(names))


def of_confidence(metric: str) -> Iterator[str]:
    """Yields a metric's names with its thresholds.

    Example:
        >>> next(of_confidence("missed_share"))
        'missed_share/0.5'
    """
    for step in CONFIDENCE_STEPS:
        yield f"{metric}/{step:g}"
