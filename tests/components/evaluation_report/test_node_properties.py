from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.integration


def node(**changes):
    from tfx import types
    from tfx.types import standard_artifacts

    from components.artifacts import GateVerdict
    from components.evaluation_report.component import EvaluationReporter

    return EvaluationReporter(
        **{
            "evaluation": types.Channel(standard_artifacts.ModelEvaluation),
            "verdict": types.Channel(GateVerdict),
            "model": types.Channel(standard_artifacts.Model),
            "examples": types.Channel(standard_artifacts.Examples),
            "task": "car",
            "taxonomy": {"classes": []},
        }
        | changes
    )


def test_costs_travel_as_json_with_the_one_that_may_be_left_out() -> None:
    costs = {"manual": 2, "missed": 50.0, "false_alarm": 5}

    travelled = node(costs=costs).exec_properties["costs"]

    assert json.loads(travelled) == costs | {"automatic": 0.0}
    assert node().exec_properties["costs"] == ""


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"costs": {"manual": 2}}, r"costs must be .* missing: \['false_alarm', 'miss"),
        ({"costs": {"manual": -1, "missed": 1, "false_alarm": 1}}, "0 or more, got -1"),
        ({"photos_per_class": -1}, "photos_per_class must be at least 0, got -1"),
    ],
)
def test_impossible_settings_are_refused_at_once(changes, rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        node(**changes)
