"""How much better than a mask that ignores the photo: the gate measured both."""

from __future__ import annotations

from dataclasses import dataclass

from components.evaluation_report.report_facts import ReportFacts


@dataclass(frozen=True, kw_only=True)
class CentreBias:
    """Foreground mIoU of the model and of the training set's best constant mask.

    Attributes:
        mean_mask: Of the mask.
        difference: The model's less the mask's; the gate's margin is no part of it.
    """

    mean_mask: float
    difference: float


def centre_bias(facts: ReportFacts) -> CentreBias | None:
    """Returns what the gate's rule on the mean mask found; None where it did not."""
    rule = facts.rule("mean_mask") or {}
    number, mean_mask = rule.get("number"), rule.get("reference")
    if number is None or mean_mask is None:
        return None
    return CentreBias(mean_mask=mean_mask, difference=number - mean_mask)
