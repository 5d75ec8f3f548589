from __future__ import annotations

import json

import pytest

from components.evaluation_report.metrics_json import describe_metrics
from components.model_gate.measurements import Measured
from tests.components.evaluation_report.made_facts import make_facts


def test_all_numbers_stand_under_their_names() -> None:
    facts = make_facts(live=Measured(numbers={(): {"miou": 0.5}}))

    metrics = describe_metrics(facts)

    assert metrics["metrics"]["iou/car"] == 1280 / 2048
    assert metrics["metrics"]["recall/car"] == 1280 / 2048
    assert metrics["support_px"] == {
        "background": 4 * (6144 - 576),
        "car": 2048,
        "범퍼 <front>": 256,
    }
    assert metrics["confusion_matrix"]["pixels"][1] == [768, 1280, 0, 0]
    assert metrics["confusion_matrix"]["columns_predicted"][-1] is None
    (front,) = metrics["slices"]
    assert front["slice"] == {"view": "front"}
    assert front["metrics"]["miou"] == metrics["metrics"]["miou"]
    assert metrics["baseline"] == {"miou": 0.5}
    assert metrics["training"]["best_epoch"] == 2
    assert metrics["audit"]["splits.test.examples"] == 4
    assert metrics["serving"]["figures.rest.p95_ms"] == 9.75
    assert metrics["photos"][0] == {
        "class": "car",
        "kind": "worst",
        "example_id": "car_24",
        "iou": 0.25,
    }


def test_nan_and_infinity_become_null() -> None:
    numbers = {(): {"miou": float("nan"), "loss": float("inf"), "examples": 4.0}}

    metrics = describe_metrics(
        make_facts(
            measured=Measured(numbers=numbers), history={"epochs": [float("nan")]}
        )
    )

    assert metrics["metrics"] == {"miou": None, "loss": None, "examples": 4.0}
    assert metrics["training"] == {"epochs": [None]}
    json.dumps(metrics, allow_nan=False)


@pytest.mark.parametrize(
    ("changes", "blessed", "reasons"),
    [
        ({}, True, []),
        ({"package": None, "validation": None}, True, []),
        ({"package": {"packaged": False, "reasons": ["too new"]}}, False, ["too new"]),
        ({"validation": {"blessed": False, "reasons": ["slow"]}}, False, ["slow"]),
        ({"validation": {"reasons": ["slow"]}}, False, ["slow"]),
    ],
    ids=["all passed", "not run", "not packaged", "not served", "reasons alone"],
)
def test_the_report_is_blessed_where_nobody_refused(changes, blessed, reasons) -> None:
    metrics = describe_metrics(make_facts(**changes))

    assert (metrics["blessed"], metrics["reasons"]) == (blessed, reasons)
