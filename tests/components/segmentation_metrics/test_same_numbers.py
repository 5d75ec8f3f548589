"""Shards, their order, batch sizes and runners change no number and no replicate."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.integration

INDICES = [0, 1, 2, 3, 4, 5, 6]
WAYS: dict[str, dict[str, Any]] = {
    "one shard, one at a time": {"shards": 1, "inference_batch_size": 1},
    "three shards backwards": {
        "shards": 3,
        "indices": INDICES[::-1],
        "inference_batch_size": 4,
    },
    "two processes": {
        "shards": 4,
        "inference_batch_size": 2,
        "beam_args": [
            "--runner=DirectRunner",
            "--direct_running_mode=multi_processing",
            "--direct_num_workers=2",
        ],
    },
}


def test_every_way_of_reading_gives_the_same_evaluation(tmp_path: Path) -> None:
    from components.model_gate.evaluation_reader import read_measured
    from tests.components.segmentation_metrics import rule_models

    model = rule_models.make_model(tmp_path / "model", rule_models.bright)
    found = []
    for number, way in enumerate(WAYS.values()):
        settings = dict(way)
        examples = rule_models.make_examples(
            tmp_path / f"set_{number}",
            shards=settings.pop("shards"),
            test=settings.pop("indices", INDICES),
        )
        out = tmp_path / f"out_{number}"
        rule_models.evaluate(examples, model, None, out, replicates=100, **settings)
        found.append(read_measured(str(out))["candidate"])

    first = found[0]
    assert first.numbers[()]["examples"] == len(INDICES)
    assert len(first.replicates[()]["miou"]) == 100
    for other in found[1:]:
        assert other.numbers.keys() == first.numbers.keys()
        np.testing.assert_array_equal(other.matrix, first.matrix)
        for key, by_name in first.numbers.items():
            for name, value in by_name.items():
                again = other.numbers[key][name]
                both_nan = math.isnan(value) and math.isnan(again)
                assert both_nan or again == pytest.approx(value, abs=1e-12), name
            for name, values in first.replicates[key].items():
                np.testing.assert_allclose(
                    other.replicates[key][name], values, atol=1e-6, err_msg=name
                )
            for name, values in first.sums[key].items():
                np.testing.assert_allclose(other.sums[key][name], values, rtol=1e-12)
