"""A training's configuration refuses what cannot be trained."""

from __future__ import annotations

import pytest

from tfx_pipeline.config.training import TrainingConfig


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"epochs": 0}, "training.epochs must be 1 or more, got 0"),
        ({"batch_size": 0}, "training.batch_size must be 1 or more, got 0"),
        ({"learning_rate": 0.0}, "training.learning_rate must be above 0, got 0.0"),
        ({"learning_rate": float("nan")}, "learning_rate must be above 0, got nan"),
        ({"weight_decay": -1.0}, "training.weight_decay must be 0 or more, got -1.0"),
        ({"warmup_share": 1.5}, "training.warmup_share must be a share"),
        (
            {"ce_weight": 0.0, "dice_weight": 0.0},
            "ce_weight and dice_weight must be above 0 together, got 0.0 and 0.0",
        ),
        ({"precision": "float16"}, "training.precision must be one of float32"),
        ({"strategy": "tpu"}, "training.strategy must be one of none, mirrored"),
        ({"loss_over": "pixel"}, "training.loss_over must be one of batch, image"),
        (
            {"class_weights": "auto"},
            "training.class_weights must be one of none, audit",
        ),
        ({"max_steps_per_epoch": 0}, "max_steps_per_epoch must be 1 or more, got 0"),
        ({"devices": -1}, "training.devices must be 0 or more, got -1"),
        ({"initial_weights": "best.ckpt"}, r"a \.keras or \.weights\.h5 file"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_an_impossible_value_is_refused_by_name(fields: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        TrainingConfig(**fields)


def test_open_bounds_may_stay_open() -> None:
    config = TrainingConfig(max_steps_per_epoch=None, max_eval_steps=None)

    assert (config.max_steps_per_epoch, config.initial_weights) == (None, None)
