"""Refuses bounds on numbers that no evaluation will hold.

The gate would refuse them too, but after the whole training. Whether a dataset has a
class of a name is not known here.
"""

from __future__ import annotations

from components.model_gate.thresholds import ANY
from components.segmentation_metrics.number_kinds import (
    OF_ALL,
    OF_CLASS,
    OF_CONFIDENCE,
    WITH_REST_CLASS,
    metric_names,
    of_confidence,
)
from tfx_pipeline.config.unknown_name import unknown_name


def check_number(where: str, metric: str, class_name: str | None) -> None:
    """Refuses what cannot be the name of a number.

    Args:
        where: Field of the configuration, for messages.
        metric: As the bound has it; the class may follow a slash, `iou/car`.
        class_name: As the bound has it; None for none.

    Raises:
        ValueError: There is no such metric, or it goes with no class, or needs one.
    """
    name = metric if class_name is None else f"{metric}/{class_name}"
    label, slash, rest = name.partition("/")
    if label not in metric_names():
        raise ValueError(f"{where}: {unknown_name('metric', label, metric_names())}")
    if label in OF_CONFIDENCE:
        if name not in of_confidence(label):
            sentence = unknown_name("metric", name, of_confidence(label))
            raise ValueError(f"{where}: {sentence}")
    elif not slash and label not in (*OF_ALL, *WITH_REST_CLASS):
        raise ValueError(
            f"{where}: {label} must be bound with a class, got none; add class: NAME,"
            f" or class: '{ANY}' for each"
        )
    elif slash and label not in OF_CLASS:
        raise ValueError(
            f"{where}: {label} must be bound without a class, got {rest!r}; leave it"
            f" out, or take one of {', '.join(OF_CLASS)}"
        )
