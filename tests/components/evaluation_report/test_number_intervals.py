from __future__ import annotations

import math

import numpy as np
import pytest

from components.evaluation_report.number_cells import (
    change_cell,
    groups_cell,
    interval_words,
    number_cell,
)
from components.evaluation_report.number_intervals import (
    Change,
    is_on_few,
    number_change,
)
from components.model_gate.intervals import number_interval
from components.model_gate.measurements import Measured
from components.segmentation_metrics.bootstrap import Interval
from tests.components.evaluation_report.made_facts import VERDICT, make_facts

RNG = np.random.default_rng(3)
DRAWN = RNG.normal(0.7, 0.02, 400)
NUMBERS = {
    "miou": 0.7,
    "iou/car": 0.7,
    "iou/wheel": math.nan,
    "missed_share/0.9": 0.7,
    "groups": 1e9,
    "groups/car": 3.0,
    "groups/wheel": 0.0,
}
REPLICATES = {name: DRAWN for name in NUMBERS if not name.startswith("groups")}
MEASURED = Measured(numbers={(): NUMBERS}, replicates={(): REPLICATES})


def middle(values: np.ndarray, share: float) -> tuple[float, float]:
    """The ends that leave an equal share out on both sides, by sorting."""
    ordered = sorted(values)
    left_out = round(len(ordered) * (1 - share) / 2)
    return ordered[left_out - 1], ordered[-left_out]


def test_of_many_groups_the_interval_is_the_middle_of_the_replicates() -> None:
    found = number_interval(MEASURED, "miou")

    assert found is not None
    assert (found.low, found.high) == pytest.approx(middle(DRAWN, 0.95), abs=1e-3)


def test_fewer_groups_give_a_wider_interval() -> None:
    of_class, of_all = (number_interval(MEASURED, name) for name in ("iou/car", "miou"))

    assert of_class and of_all
    assert of_class.low < of_all.low and of_class.high > of_all.high


def test_a_threshold_in_a_name_is_no_class_and_stands_on_all_groups() -> None:
    assert MEASURED.groups_of("missed_share/0.9") == 1e9
    share, miou = (
        number_interval(MEASURED, name) for name in ("missed_share/0.9", "miou")
    )
    assert share and miou
    ends = pytest.approx((miou.low, miou.high), abs=0.002)
    assert (share.low, share.high) == ends


@pytest.mark.parametrize("name", ["iou/wheel", "dice/car", "nothing"])
def test_what_has_no_value_or_no_replicates_has_no_interval(name: str) -> None:
    assert number_interval(MEASURED, name) is None


def test_replicates_without_a_count_of_groups_say_nothing() -> None:
    uncounted = Measured(numbers={(): {"miou": 0.7}}, replicates={(): REPLICATES})
    before = Measured(numbers={(): {"miou": 0.6}}, replicates={(): REPLICATES})

    assert number_interval(uncounted, "miou") is None
    change = number_change(uncounted, before, "miou")
    assert change == Change(difference=pytest.approx(0.1), interval=None)


def test_a_change_is_taken_replicate_by_replicate() -> None:
    shifted = {"miou": DRAWN - 0.05, "iou/car": RNG.permutation(DRAWN)}
    before = Measured(
        numbers={(): {"miou": 0.65, "iou/car": 0.7}}, replicates={(): shifted}
    )

    paired = number_change(MEASURED, before, "miou")
    unpaired = number_change(MEASURED, before, "iou/car")

    assert paired and paired.interval and unpaired and unpaired.interval
    # What made the photos hard was the same for both, and cancels out.
    ends = (paired.interval.low, paired.interval.high)
    assert ends == pytest.approx((0.05, 0.05))
    assert unpaired.interval.high - unpaired.interval.low > 0.08


def test_a_change_needs_both_numbers() -> None:
    before = Measured(numbers={(): {"iou/wheel": 0.5}})

    assert number_change(MEASURED, before, "miou") is None
    assert number_change(MEASURED, before, "iou/wheel") is None


def test_cells_say_what_is_known() -> None:
    facts = make_facts(measured=MEASURED)
    alone = make_facts(measured=Measured(numbers={(): NUMBERS}))
    low, high = middle(DRAWN, 0.95)

    ends = f"{low:.2f}\N{EN DASH}{high:.2f}"
    assert number_cell(facts, "miou") == f"0.700 <small>{ends}</small>"
    assert number_cell(facts, "iou/wheel") == "-"
    assert number_cell(alone, "miou") == "0.700"
    known = Change(difference=0.125, interval=Interval(low=0.1, high=0.15))
    assert change_cell(known) == "+0.125 <small>+0.100 to +0.150</small>"
    unknown = Change(difference=-0.5, interval=None)
    assert change_cell(unknown) == "-0.500 <small>-</small>"
    assert change_cell(None) == "-"


def test_a_small_number_of_groups_is_marked() -> None:
    facts = make_facts()
    assert groups_cell(facts, 9.0) == '9 <small class="warn">few groups</small>'
    assert groups_cell(facts, 10.0) == "10"
    assert groups_cell(facts, None) == "-"
    assert not is_on_few(math.nan)


def test_how_many_groups_are_few_is_what_the_gate_wants() -> None:
    facts = make_facts(verdict=VERDICT | {"min_groups": 31})

    assert groups_cell(facts, 30.0) == '30 <small class="warn">few groups</small>'
    assert groups_cell(facts, 31.0) == "31"
    drawn = make_facts(verdict=facts.verdict, measured=MEASURED)
    assert "Few groups: fewer than 31," in interval_words(drawn)


def test_a_share_without_a_case_has_an_interval_with_a_width() -> None:
    never = {"missed_share/0.9": 0.0, "pixel_accuracy": 0.0, "groups": 60.0}
    replicates = dict.fromkeys(("missed_share/0.9", "pixel_accuracy"), np.zeros(400))
    measured = Measured(numbers={(): never}, replicates={(): replicates})

    share = number_interval(measured, "missed_share/0.9")
    of_pixels = number_interval(measured, "pixel_accuracy")

    assert share is not None and of_pixels is not None
    assert (share.low, share.high) == (0.0, pytest.approx(0.06, abs=0.005))
    assert of_pixels.high == 0.0


def test_recall_by_size_stands_on_the_groups_that_show_such_objects() -> None:
    numbers = {"groups": 60.0, "groups/car": 50.0, "groups/object_recall_small": 12.0}
    own = {"groups/object_recall_small/car": 11.0}

    measured = Measured(numbers={(): numbers | own})

    assert measured.groups_of("object_recall_small") == 12
    assert measured.groups_of("object_recall_small/car") == 11
    assert measured.groups_of("iou/car") == 50
    assert measured.groups_of("miou") == 60
