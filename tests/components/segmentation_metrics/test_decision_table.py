import math

import numpy as np
import pytest

from components.segmentation_metrics.decision_costs import DecisionCosts
from components.segmentation_metrics.decision_table import cheapest, decision_table
from components.segmentation_metrics.decisions import DecisionMeasure
from tests.components.segmentation_metrics.drawn_photos import CLASSES

MEASURE = DecisionMeasure(
    classes=CLASSES, confidence_steps=(0.5, 0.9), area_steps=(0.0, 0.01)
)
COSTS = DecisionCosts(automatic=1, manual=10, missed=100, false_alarm=20)


def sums_with(missed, false_alarms, found, cleared, photos):
    counts = [missed, false_alarms, found, cleared]
    return np.append(np.array(counts, float).reshape(-1), float(photos))


# Of 20 photos, by confidence (rows) and area (columns).
SUMS = sums_with(
    missed=[[1, 3], [0, 1]],
    false_alarms=[[2, 0], [1, 0]],
    found=[[9, 7], [4, 3]],
    cleared=[[4, 6], [3, 4]],
    photos=20,
)


def test_a_row_says_what_a_pair_of_thresholds_does():
    rows = decision_table(SUMS, MEASURE, COSTS)
    pairs = [(row.confidence, row.area) for row in rows]
    assert pairs == [(0.5, 0.0), (0.5, 0.01), (0.9, 0.0), (0.9, 0.01)]
    first = rows[0]
    assert (first.auto_share, first.missed_share) == (16 / 20, 1 / 20)
    assert first.false_alarm_share == 2 / 20
    per_photo = (16 * 1 + 4 * 10 + 1 * 100 + 2 * 20) / 20
    assert first.cost_per_photo == pytest.approx(per_photo)
    assert rows[3].cost_per_photo == pytest.approx((8 * 1 + 12 * 10 + 1 * 100) / 20)


def test_the_cheapest_row_follows_the_costs():
    rows = decision_table(SUMS, MEASURE, COSTS)
    assert [round(row.cost_per_photo, 6) for row in rows] == [9.8, 17.8, 7.4, 11.4]
    assert cheapest(rows) is rows[2]
    costs = DecisionCosts(manual=1000, missed=1, false_alarm=50)
    dear_people = decision_table(SUMS, MEASURE, costs)
    assert cheapest(dear_people) is dear_people[1]


def test_of_equal_costs_the_first_row_is_taken():
    free = DecisionCosts(manual=0, missed=0, false_alarm=0)
    rows = decision_table(SUMS, MEASURE, free)
    assert cheapest(rows) is rows[0] and rows[0].cost_per_photo == 0


def test_without_costs_or_photos_nothing_is_cheapest():
    rows = decision_table(SUMS, MEASURE)
    assert rows[0].cost_per_photo is None and rows[0].auto_share == 0.8
    assert cheapest(rows) is None
    empty = decision_table(0 * SUMS, MEASURE, COSTS)
    assert math.isnan(empty[0].cost_per_photo) and math.isnan(empty[0].auto_share)
    assert cheapest(empty) is None
    assert cheapest([]) is None
