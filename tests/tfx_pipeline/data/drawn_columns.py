"""Batches of records in memory, as Transform gets them."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from tests.drawn_squares import Square, draw_square
from tfx_pipeline.config.augment import AugmentConfig
from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.config.transform_settings import TransformSettings


def settings(**augment: Any) -> TransformSettings:
    config = AugmentConfig(**augment)
    return TransformSettings(
        task="square",
        prepare=PrepareConfig(height_px=24, width_px=32, augment=config),
        flip_ids=(0, 1),
        seed=5,
    )


def columns(splits: list[str], first: int = 0) -> dict[str, tf.Tensor]:
    records = [
        draw_square(Square(first + index, split)) for index, split in enumerate(splits)
    ]
    text = ("example_id", "group_id", "view", "domain", "source", "split", "image")
    values: dict[str, Any] = {
        name: [getattr(record, name) for record in records] for name in text
    }
    values["mask"] = [record.masks["square"] for record in records]
    values["orientation"] = np.ones(len(records), np.int64)
    return {name: tf.constant(value) for name, value in values.items()}
