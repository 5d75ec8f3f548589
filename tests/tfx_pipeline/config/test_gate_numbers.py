"""A bound on a number that there will never be is refused before any training."""

from __future__ import annotations

from typing import Any

import pytest

from tfx_pipeline.config.judging import GateConfig
from tfx_pipeline.config.pipeline_config import PipelineConfig


@pytest.mark.parametrize(
    ("bound", "sentence"),
    [
        ({"metric": "mioux"}, "no metric named 'mioux'; did you mean miou"),
        ({"metric": "iuo", "class": "car"}, "no metric named 'iuo'; did you mean iou"),
        ({"metric": "iuo/car"}, "no metric named 'iuo'; did you mean iou"),
        ({"metric": 3}, "metric must be a name, got 3"),
        ({"metric": "iou"}, "iou must be bound with a class, got none; add class: NAM"),
        (
            {"metric": "miou", "class": "*"},
            "miou must be bound without a class, got '*'; leave it out, or take one of"
            " iou, dice",
        ),
        ({"metric": "auto_share"}, "no metric named 'auto_share'; did you mean auto_s"),
        ({"metric": "auto_share/0.91"}, "named 'auto_share/0.91'; did you mean"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("stage", ["values", "changes"])
def test_a_bound_on_no_number_is_refused(
    stage: str, bound: dict[str, Any], sentence: str
) -> None:
    further = {"at_least": 0.4} if stage == "values" else {"margin": 0.1}
    with pytest.raises(ValueError) as error:
        PipelineConfig.from_dict({"gate": {stage: [bound | further]}})
    assert str(error.value).startswith(f"gate.{stage}")
    assert sentence in str(error.value)


@pytest.mark.parametrize(
    "bound",
    [
        {"metric": "miou"},
        {"metric": "iou", "class": "car"},
        {"metric": "iou/front left/door"},  # a class of this name there may be
        {"metric": "boundary_f", "class": "*"},
        {"metric": "missed_share/0.9"},
        {"metric": "missed_share", "class": 0.9},
        {"metric": "object_recall_small"},
        {"metric": "object_recall_small", "class": "scratch"},
    ],
    ids=str,
)
def test_a_bound_on_a_number_that_may_be_is_taken(bound: dict[str, Any]) -> None:
    assert GateConfig(values=(bound | {"at_least": 0.4},), changes=())


def test_the_accuracy_of_parts_needs_a_class_for_the_rest() -> None:
    gate = {"values": [{"metric": "parts_accuracy", "at_least": 0.4}]}
    with pytest.raises(ValueError, match=r"evaluate\.rest_class must name a class"):
        PipelineConfig.from_dict({"gate": gate})

    assert PipelineConfig.from_dict({"gate": gate, "evaluate": {"rest_class": "body"}})
