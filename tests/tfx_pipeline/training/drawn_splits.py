"""Transform's files of drawn squares, and settings of a training that takes seconds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import tensorflow as tf

from tests.drawn_squares import SIZE_PX, SQUARES, Square, draw_square
from tfx_pipeline.config.augment import AugmentConfig
from tfx_pipeline.config.model import ModelConfig
from tfx_pipeline.config.prepare import PrepareConfig
from tfx_pipeline.config.trainer_settings import TrainerSettings
from tfx_pipeline.config.training import TrainingConfig

TINY = TrainerSettings(
    taxonomy=SQUARES.to_dict(),
    prepare=PrepareConfig(
        height_px=SIZE_PX, width_px=SIZE_PX, augment=AugmentConfig(where="none")
    ),
    model=ModelConfig(depth=2, base_width=4),
    training=TrainingConfig(epochs=3, batch_size=4, learning_rate=0.02),
    flip_ids=(0, 1),
)


def tiny(**training: Any) -> TrainerSettings:
    """Returns the settings with other fields of `training`."""
    return replace(TINY, training=replace(TINY.training, **training))


def write_split(
    folder: Path, split: str, pictures: int, *, copies: int = 0, void: bool = False
) -> str:
    """Writes a split as Transform does; returns the pattern that a Trainer gets.

    Pictures of one split are not those of another. A `void` split has no label.
    """
    target = folder / f"Split-{split}"
    target.mkdir(parents=True)
    path = str(target / "transformed_examples-00000-of-00001.gz")
    first = {"train": 0, "eval": 1000}[split]
    with tf.io.TFRecordWriter(path, "GZIP") as writer:
        for index in range(first, first + pictures):
            for copy in range(copies + 1):
                writer.write(_row(index, split, copy, void))
    return str(target / "*")


def _row(index: int, split: str, copy: int, void: bool) -> bytes:
    record = draw_square(Square(index, split))
    mask = record.masks["square"]
    if void:
        ids = tf.fill([SIZE_PX, SIZE_PX, 1], tf.constant(255, tf.uint8))
        mask = tf.io.encode_png(ids).numpy()
    texts = {
        "image": record.image,
        "mask": mask,
        "example_id": record.example_id.encode(),
    }
    features = {
        name: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
        for name, value in texts.items()
    }
    features["copy"] = tf.train.Feature(int64_list=tf.train.Int64List(value=[copy]))
    return tf.train.Example(
        features=tf.train.Features(feature=features)
    ).SerializeToString()
