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
    from components.model_gate.evaluation_reader import (
        read_arrays,
        read_evaluation,
        read_replicates,
    )
    from components.segmentation_metrics.tfma_metric import SUMS_PREFIX
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
        found.append(
            (
                read_evaluation(str(out))["candidate"],
                read_replicates(str(out))["candidate"],
                read_arrays(str(out), SUMS_PREFIX)["candidate"],
            )
        )

    numbers, replicates, sums = found[0]
    assert numbers[()]["examples"] == len(INDICES)
    assert len(replicates[()]["miou"]) == 100
    for other_numbers, other_replicates, other_sums in found[1:]:
        assert other_numbers.keys() == numbers.keys()
        for key, by_name in numbers.items():
            for name, value in by_name.items():
                other = other_numbers[key][name]
                both_nan = math.isnan(value) and math.isnan(other)
                assert both_nan or other == pytest.approx(value, abs=1e-12), name
            for name, values in replicates[key].items():
                np.testing.assert_allclose(
                    other_replicates[key][name], values, atol=1e-6, err_msg=name
                )
            for name, values in sums[key].items():
                np.testing.assert_allclose(other_sums[key][name], values, rtol=1e-12)
