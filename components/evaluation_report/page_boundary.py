"""The page's numbers of outlines: how closely they follow the object's edge."""

from __future__ import annotations

from components.evaluation_report.markup import Html, join, table, tag
from components.evaluation_report.number_cells import groups_cell, number_cell
from components.evaluation_report.page_classes import swatch
from components.evaluation_report.report_facts import ReportFacts
from components.segmentation_metrics.boundary import BoundaryMeasure
from components.segmentation_metrics.foreground import foreground_ids

_WORDS = (
    "Boundary IoU compares only the pixels near the outlines, within"
    f" {100 * BoundaryMeasure.width_share:g} % of the photo's diagonal, so a large"
    " object cannot hide a ragged edge; boundary F tells how much of either outline"
    f" lies within {100 * BoundaryMeasure.tolerance_share:g} % of the diagonal of the"
    " other."
)


def boundary_section(facts: ReportFacts) -> Html:
    """Returns boundary IoU and F score by class, beside the IoU."""
    if "mean_boundary_iou" not in facts.whole:
        return tag("p", "The evaluation measured no outlines.", class_="soft")
    classes = foreground_ids(facts.classes)
    mean = [
        "mean of the classes",
        number_cell(facts, "mean_boundary_iou"),
        number_cell(facts, "mean_boundary_f"),
        number_cell(facts, "foreground_miou"),
        groups_cell(facts, facts.whole.get("groups")),
    ]
    rows = [mean, *(_row(facts, class_id) for class_id in classes)]
    return join(
        tag(
            "p",
            _WORDS,
            class_="soft",
        ),
        table(
            ["class", "boundary IoU#", "boundary F#", "IoU#", "groups#"],
            rows,
            caption="Outlines by class",
        ),
    )


def _row(facts: ReportFacts, class_id: int) -> list[str]:
    name = facts.classes.names[class_id]
    return [
        join(swatch(class_id), name),
        number_cell(facts, f"boundary_iou/{name}"),
        number_cell(facts, f"boundary_f/{name}"),
        number_cell(facts, f"iou/{name}"),
        groups_cell(facts, facts.whole.get(f"groups/{name}")),
    ]
