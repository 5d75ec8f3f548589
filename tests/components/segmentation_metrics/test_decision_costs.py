import math

import pytest

from components.segmentation_metrics.decision_costs import DecisionCosts

COSTS = DecisionCosts(automatic=1, manual=10, missed=100, false_alarm=20)


def test_costs_go_through_a_dict_and_back():
    assert DecisionCosts.from_dict(COSTS.to_dict()) == COSTS
    few = DecisionCosts.from_dict({"manual": 4, "missed": 9.5, "false_alarm": 0})
    assert few == DecisionCosts(automatic=0, manual=4, missed=9.5, false_alarm=0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bribe": 3}, "unknown: ['bribe'], missing: []"),
        ({"manual": -1}, "the cost 'manual' must be a number, 0 or more, got -1;"),
        ({"missed": "much"}, "the cost 'missed' must be a number, 0 or more, got"),
        ({"missed": True}, "the cost 'missed' must be a number, 0 or more, got True"),
        ({"missed": math.nan}, "the cost 'missed' must be a number, 0 or more, got"),
        ({"automatic": math.inf}, "the cost 'automatic' must be a number, 0 or more"),
    ],
    ids=["unknown", "negative", "text", "yes", "nan", "endless"],
)
def test_impossible_costs_are_refused_in_one_line(change, message):
    with pytest.raises(ValueError) as error:
        DecisionCosts.from_dict(COSTS.to_dict() | change)
    assert message in str(error.value) and "\n" not in str(error.value)


def test_missing_costs_are_named():
    with pytest.raises(ValueError, match=r"missing: \['false_alarm', 'missed'\]"):
        DecisionCosts.from_dict({"manual": 3})
