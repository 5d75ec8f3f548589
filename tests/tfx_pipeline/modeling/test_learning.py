"""A drawn square is learnt in a few steps, with void around it."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.training import TrainingConfig
from tfx_pipeline.modeling.losses import CrossEntropyDice
from tfx_pipeline.modeling.metrics import ConfusionMeanIoU
from tfx_pipeline.modeling.optimizer import build_optimizer
from tfx_pipeline.modeling.registry import build_model

pytestmark = pytest.mark.integration  # it trains

SIZE_PX = 32
STEPS = 40


def squares(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Bright squares on dark noise; their border is void in the mask."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 100, (count, SIZE_PX, SIZE_PX, 3)).astype(np.uint8)
    mask_ids = np.zeros((count, SIZE_PX, SIZE_PX), np.uint8)
    for picture, mask in zip(pixels, mask_ids, strict=True):
        top, left = rng.integers(2, 14, 2)
        picture[top : top + 14, left : left + 14] = rng.integers(150, 256, 3)
        mask[top - 1 : top + 15, left - 1 : left + 15] = 255
        mask[top : top + 14, left : left + 14] = 1
    return pixels, mask_ids


@pytest.mark.parametrize(
    "norm", ["batch", pytest.param("group", marks=pytest.mark.integration)]
)
def test_a_drawn_square_is_learnt_and_found_in_new_pictures(norm: str) -> None:
    keras.utils.set_random_seed(0)
    config = ModelConfig(depth=2, base_width=4, norm=norm)
    model = build_model(config, num_classes=2, height_px=SIZE_PX, width_px=SIZE_PX)
    model.compile(
        optimizer=build_optimizer(
            TrainingConfig(learning_rate=0.02), total_steps=STEPS
        ),
        loss=CrossEntropyDice(),
        jit_compile=False,
    )
    pixels, mask_ids = squares(8, seed=0)
    losses = [float(model.train_on_batch(pixels, mask_ids)) for _ in range(STEPS)]

    new, truth = squares(8, seed=1)
    metric = ConfusionMeanIoU(2)
    metric.update_state(truth, model(new))
    assert losses[0] > 0.8
    assert float(CrossEntropyDice()(truth, model(new))) < 0.25
    assert float(metric.result()) > 0.85
