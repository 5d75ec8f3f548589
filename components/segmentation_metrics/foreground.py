"""The classes that numbers "of the foreground" are about."""

from __future__ import annotations

from components.segmentation_metrics.class_names import ClassNames


def foreground_ids(classes: ClassNames) -> list[int]:
    """Returns the ids of all classes but the background.

    Example:
        >>> foreground_ids(ClassNames(names=("none", "car"), background_id=0))
        [1]
        >>> foreground_ids(ClassNames(names=("road", "car"), background_id=None))
        [0, 1]
    """
    ids = range(len(classes.names))
    return [class_id for class_id in ids if class_id != classes.background_id]
