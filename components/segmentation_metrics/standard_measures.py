"""The measures that an evaluation takes of every photo."""

from __future__ import annotations

from components.segmentation_metrics.bootstrap import REPLICATES
from components.segmentation_metrics.boundary import BoundaryMeasure
from components.segmentation_metrics.calibration import CalibrationMeasure
from components.segmentation_metrics.class_names import ClassNames
from components.segmentation_metrics.decisions import DecisionMeasure
from components.segmentation_metrics.objects import ObjectMeasure
from components.segmentation_metrics.overlap import OverlapMeasure
from components.segmentation_metrics.replicated_sums import MeasureSet


def standard_measures(
    classes: ClassNames,
    *,
    rest_class: str | None = None,
    replicates: int = REPLICATES,
) -> MeasureSet:
    """Returns all measures with their usual bounds.

    Args:
        classes: Classes of the masks.
        rest_class: Name of the class that is on the object but is no named part.
        replicates: Redrawn splits for the intervals.

    Raises:
        ValueError: There is no such class.
    """
    if rest_class is not None and rest_class not in classes.names:
        raise ValueError(
            f"rest_class must be one of {', '.join(classes.names)}, got {rest_class!r}"
        )
    rest_id = None if rest_class is None else classes.names.index(rest_class)
    return MeasureSet(
        measures=(
            OverlapMeasure(classes=classes, rest_id=rest_id),
            BoundaryMeasure(classes=classes),
            ObjectMeasure(classes=classes),
            CalibrationMeasure(classes=classes),
            DecisionMeasure(classes=classes),
        ),
        class_names=classes.names,
        replicates=replicates,
    )
