import json

import pytest

from components.model_gate.thresholds import (
    ChangeThreshold,
    GateThresholds,
    ValueThreshold,
)


def test_the_json_form_reads_back_the_same():
    thresholds = GateThresholds(
        values=(
            ValueThreshold(metric="miou", at_least=0.4),
            ValueThreshold(
                metric="iou",
                class_name="car",
                slice={"view": "front"},
                at_least=0.5,
                at_most=1.0,
            ),
        ),
        changes=(ChangeThreshold(metric="iou", class_name="*", margin=0.02),),
        mean_mask_margin=0.05,
    )
    text = json.dumps(thresholds.to_dict())
    assert GateThresholds.from_dict(json.loads(text)) == thresholds
    assert thresholds.to_dict()["changes"] == [
        {"metric": "iou", "class": "*", "margin": 0.02}
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"values": [{"metric": "miou"}]},
            "a threshold on 'miou' needs at_least or at_most, got neither",
        ),
        (
            {"values": [{"at_least": 0.5}]},
            "a threshold needs a metric, got {'at_least': 0.5}",
        ),
        (
            {"changes": [{"metric": "miou", "at_least": 0.5}]},
            "unknown key at_least in a gate's thresholds; there are class, margin,"
            " metric, slice",
        ),
        (
            {"values": [{"metric": "miou", "at_least": float("nan")}]},
            "at_least of 'miou' must be a number, got nan",
        ),
        (
            {"mean_mask_margin": -0.1},
            "mean_mask_margin must be at least 0 and below 1, got -0.1",
        ),
    ],
    ids=["no bound", "no metric", "wrong bound", "nan", "margin"],
)
def test_impossible_thresholds_are_refused_at_once(fields, message):
    with pytest.raises(ValueError) as error:
        GateThresholds.from_dict(fields)
    assert str(error.value) == message
