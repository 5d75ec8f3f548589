"""Whether two models were measured on the same test photos."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.model_gate.comparability import class_list


@dataclass(frozen=True, kw_only=True)
class MeasuredOn:
    """What a model was measured on.

    Attributes:
        taxonomy: The taxonomy's JSON form, with `task`.
        examples: Test photos.
        groups: Cars, cases or scenes; NaN where the evaluation did not count them.
        true_px: True pixels of each class.
        records: Hash of the test photos with their true masks, see `records_digest`.
    """

    taxonomy: Mapping[str, Any]
    examples: float
    groups: float
    true_px: tuple[int, ...]
    records: str

    @property
    def task(self) -> str:
        """What is segmented."""
        return str(self.taxonomy["task"])


def why_not_comparable(
    first: MeasuredOn, other: MeasuredOn, *, first_name: str, other_name: str
) -> str | None:
    """Returns a sentence where the numbers mean different things, None if they do not.

    The first difference is told that a person understands most easily.
    """
    wanted = f"{first_name} and {other_name} must have been measured on the same"
    way_out = "compare runs of the same task, data and data options"
    if first.task != other.task:
        return f"{wanted} task, got {first.task} and {other.task}; {way_out}"
    if class_list(first.taxonomy) != class_list(other.taxonomy):
        return (
            f"{wanted} classes, got {_names(first.taxonomy)} against"
            f" {_names(other.taxonomy)}; {way_out}"
        )
    for what, ours, theirs in (
        ("number of test photos", first.examples, other.examples),
        ("number of groups of test photos", first.groups, other.groups),
    ):
        if not math.isnan(ours - theirs) and ours != theirs:
            return f"{wanted} {what}, got {ours:.0f} and {theirs:.0f}; {way_out}"
    if first.true_px != other.true_px or first.records != other.records:
        return (
            f"{wanted} test photos with the same true masks, got other ones of the"
            f" same number; {way_out}"
        )
    return None


def _names(taxonomy: Mapping[str, Any]) -> str:
    return ", ".join(str(entry["name"]) for entry in taxonomy["classes"])
