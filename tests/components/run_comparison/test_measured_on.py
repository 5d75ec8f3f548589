"""When two evaluations may be compared, and what is said when not."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest

from components.run_comparison.measured_on import MeasuredOn, why_not_comparable
from tests.components.run_comparison.made_models import TAXONOMY

MEASURED = MeasuredOn(
    taxonomy=TAXONOMY, examples=48.0, groups=24.0, true_px=(9, 5, 1), records="abc"
)


def obstacle(**changes: Any) -> str | None:
    other = dataclasses.replace(MEASURED, **changes)
    return why_not_comparable(MEASURED, other, first_name="a", other_name="b")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"taxonomy": TAXONOMY | {"task": "parts"}}, "same task, got car and parts;"),
        (
            {"taxonomy": TAXONOMY | {"classes": TAXONOMY["classes"][:2]}},
            "same classes, got background, car, 범퍼 <front> against background, car;",
        ),
        ({"examples": 47.0}, "same number of test photos, got 48 and 47;"),
        ({"groups": 23.0}, "same number of groups of test photos, got 24 and 23;"),
        ({"true_px": (9, 4, 2)}, "same test photos with the same true masks, got"),
        ({"records": "abd"}, "same test photos with the same true masks, got"),
    ],
    ids=["task", "classes", "photos", "groups", "pixels", "records"],
)
def test_what_differs_is_said_with_both_values(
    changes: dict[str, Any], said: str
) -> None:
    sentence = obstacle(**changes)

    assert sentence is not None
    assert sentence.startswith(f"a and b must have been measured on the {said}")
    assert sentence.endswith("; compare runs of the same task, data and data options")


def test_equal_facts_are_no_obstacle() -> None:
    assert obstacle() is None


def test_colours_and_an_old_evaluation_without_groups_are_no_obstacle() -> None:
    classes = [entry | {"rgb": [1, 2, 3]} for entry in TAXONOMY["classes"]]

    assert obstacle(taxonomy=TAXONOMY | {"classes": classes}) is None
    assert obstacle(groups=math.nan) is None
